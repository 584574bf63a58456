/// What holds for every request.
package struct HTTPConfiguration: Hashable, Sendable {
    /// Where requests are sent instead of to their hosts.
    package struct Proxies: Hashable, Sendable {
        package var http: String?
        package var https: String?
        /// Hosts that are asked directly, as `no_proxy` lists them.
        package var exceptions: String?

        package init(http: String? = nil, https: String? = nil, exceptions: String? = nil) {
            self.http = http
            self.https = https
            self.exceptions = exceptions
        }

        /// Reads the variables that everybody knows. `HTTP_PROXY` in capitals does not count: a CGI program's client sets it.
        package init(_ variable: (String) -> String?) {
            func value(_ names: String...) -> String? { names.lazy.compactMap(variable).first { !$0.isEmpty } }
            http = value("http_proxy", "all_proxy", "ALL_PROXY")
            https = value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
            exceptions = value("no_proxy", "NO_PROXY")
        }
    }

    package var userAgent: String
    package var proxies: Proxies
    /// Certificates, as PEM, that are trusted beside the system's.
    package var authorities: [UInt8]
    /// Seconds until a connection must stand.
    package var connectTimeout: Int
    /// Seconds that may pass without a byte in any direction.
    package var idleTimeout: Int

    package init(userAgent: String) {
        self.userAgent = userAgent
        proxies = Proxies()
        authorities = []
        connectTimeout = 30
        idleTimeout = 30
    }
}
