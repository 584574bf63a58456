/// Where a registry answers, and how it may be talked to.
struct Endpoint: Hashable, Sendable {
    /// Without TLS only where that was allowed: at loopback, or for a host that was named as insecure.
    enum Security: Hashable, Sendable {
        case encrypted
        /// TLS, and if the other side knows none, without.
        case encryptedIfKnown(HTTPRequest.Trust)
    }

    /// As the names of images have it.
    let host: String
    let origin: URL.Origin
    let security: Security

    /// `nil` if the name is no host.
    init?(_ host: String, _ hosts: RegistryHosts) {
        // docker.io is a name and no machine.
        let machine = host == "docker.io" ? "registry-1.docker.io" : host
        guard let origin = URL.Origin(.https, authority: machine) else { return nil }
        self.host = host
        self.origin = origin
        security =
            if hosts.insecure.contains(host) || hosts.insecure.contains(origin.host) {
                .encryptedIfKnown(.anyone)
            } else if origin.isLoopback {
                .encryptedIfKnown(.knownAuthorities)
            } else {
                .encrypted
            }
    }

    var trust: HTTPRequest.Trust {
        switch security {
        case .encrypted: .knownAuthorities
        case .encryptedIfKnown(let trust): trust
        }
    }

    /// Where to ask if the other side knows no TLS; `nil` if it is not asked then.
    var plainOrigin: URL.Origin? {
        switch security {
        case .encrypted: nil
        case .encryptedIfKnown: URL.Origin(.http, authority: host)
        }
    }
}
