/// Where a registry sends us for a token, and for what (distribution, "Token Authentication Specification").
struct BearerChallenge: Hashable, Sendable {
    /// As it was spelt.
    let realm: String
    let service: String?
    /// What the registry says is needed, a scope a word.
    let scopes: [String]

    init?(_ parameters: [String: String]) {
        guard let realm = parameters["realm"] else { return nil }
        self.realm = realm
        service = parameters["service"]
        scopes = (parameters["scope"] ?? "").split(separator: " ").map(String.init)
    }

    /// The server that gives tokens, if passwords may be sent there for a registry at `origin`; else `nil`.
    ///
    /// Wherever it is, it must encrypt, unless the registry itself does not and it is the same host, or both are this
    /// machine. An address in numbers or this machine is no place to be sent to from outside: it could be somebody's
    /// inner network.
    func server(for origin: URL.Origin) -> URL? {
        guard let url = URL(realm) else { return nil }
        let target = url.origin
        let isSameHost = target.host == origin.host || target.isLoopback && origin.isLoopback
        switch target.scheme {
        case .http: return isSameHost && origin.scheme == .http ? url : nil
        case .https: return isSameHost || !target.isLoopback && !target.isNumeric ? url : nil
        }
    }
}

extension URL.Origin {
    /// True for an address in place of a name.
    fileprivate var isNumeric: Bool {
        host.hasPrefix("[")
            || host.split(separator: ".").last.map {
                $0.allSatisfy(\.isHexDigit) && UInt64($0) != nil || $0.hasPrefix("0x")
            } ?? true
    }
}
