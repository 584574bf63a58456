/// An address of the web, `http` or `https` and no other; in one spelling, so that two can be compared.
///
/// RFC 3986, with less freedom: no user and no password, no fragment, and a host of letters, digits, `-`, `_` and `.`,
/// or an IPv6 address. What readers could understand in different ways is no address.
package struct URL: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https

        var defaultPort: UInt16 {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// Who is asked. Credentials are for one of them alone.
    package struct Origin: Hashable, Sendable {
        package let scheme: Scheme
        /// In lower case; an IPv6 address with its brackets.
        package let host: String
        package let port: UInt16

        package init(scheme: Scheme, host: String, port: UInt16? = nil) {
            self.scheme = scheme
            self.host = host
            self.port = port ?? scheme.defaultPort
        }

        /// The host, and the port if it is not the usual one.
        package var authority: String { port == scheme.defaultPort ? host : "\(host):\(port)" }

        /// True for this machine: `localhost`, 127.0.0.0/8 and `[::1]`, and nothing that is only spelt like them.
        package var isLoopback: Bool {
            if host == "localhost" || host == "[::1]" { return true }
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.count <= 3 }
        }
    }

    package let origin: Origin
    /// From its first `/` on, percent-encoded.
    package let path: String
    /// What follows the `?`, percent-encoded.
    package let query: String?

    package init(_ origin: Origin, path: String, query: String? = nil) {
        self.origin = origin
        self.path = path
        self.query = query
    }

    /// The last component of the path, as it is written there; empty for a folder.
    package var lastComponent: Substring { path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst() }
}

extension URL: CustomStringConvertible {
    package var description: String {
        "\(origin.scheme.rawValue)://\(origin.authority)\(path)" + (query.map { "?\($0)" } ?? "")
    }

    /// Without the query, which may hold a signature that is nobody's business.
    package var withoutQuery: String { query == nil ? description : "\(URL(origin, path: path))?…" }
}
