/// Everything that the command line, the configuration and the environment decided about registries.
package struct RegistrySettings: Hashable, Sendable {
    package var http: HTTPConfiguration
    package var hosts: RegistryHosts
    package var credentials: CredentialPlaces
    /// Makes this client's pauses differ from those of others.
    package var seed: UInt64

    package init(userAgent: String, credentials: CredentialPlaces, seed: UInt64 = 0) {
        http = HTTPConfiguration(userAgent: userAgent)
        http.connectTimeout = 20
        http.idleTimeout = 20
        hosts = RegistryHosts()
        self.credentials = credentials
        self.seed = seed
    }
}
