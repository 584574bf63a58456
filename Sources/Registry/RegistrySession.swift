package import Linux
package import OCI
import Synchronization

/// Everything that one command has to do with registries: it meets each of them once.
package final class RegistrySession: Sendable {
    private let transport: HTTPTransport
    private let hosts: RegistryHosts
    private let credentials: CredentialStore
    private let pause: Pause
    private let interruption: Interruption?
    private let connections: Mutex<[String: RegistryConnection]> = Mutex([:])

    package init(_ settings: RegistrySettings, interruption: Interruption? = nil) {
        transport = HTTPTransport(settings.http, interruption: interruption)
        hosts = settings.hosts
        credentials = CredentialStore(settings.credentials)
        pause = Pause(seed: settings.seed)
        self.interruption = interruption
    }

    /// Who may be asked for an image, in order: the mirrors of the registry that the name means, then that itself.
    package func readers(of name: Reference) throws(RegistryError) -> [RegistryClient] {
        let written = RegistryHosts.Repository(of: name)
        let meant = hosts.aliases[written] ?? written
        var clients: [RegistryClient] = []
        for mirror in hosts.mirrors[meant.registry] ?? [] {
            let host = mirror.prefix { $0 != "/" }
            let prefix = mirror.dropFirst(host.count + 1)
            let repository = prefix.isEmpty ? meant.path : "\(prefix)/\(meant.path)"
            clients.append(try client(String(host), repository))
        }
        return clients + [try client(meant.registry, meant.path)]
    }

    /// The repository of a name at its own registry.
    package func client(for name: Reference) throws(RegistryError) -> RegistryClient {
        try client(name.registry, name.repository)
    }

    /// A registry with other credentials than those that are kept: to see whether it takes them.
    package func client(
        host: String, as credentials: Credentials
    ) throws(RegistryError)
        -> RegistryClient
    {
        RegistryClient(try connection(host, credentials), "")
    }

    private func client(_ host: String, _ repository: String) throws(RegistryError) -> RegistryClient {
        // Another repository of the same registry may have other credentials.
        let key = "\(host)/\(repository)"
        if let known = connections.withLock({ $0[key] }) { return RegistryClient(known, repository) }
        let new = try connection(host, try credentials.credentials(host, repository))
        return RegistryClient(
            connections.withLock { connections in
                let connection = connections[key] ?? new
                connections[key] = connection
                return connection
            }, repository)
    }

    private func connection(
        _ host: String, _ credentials: Credentials?
    ) throws(RegistryError)
        -> RegistryConnection
    {
        guard let endpoint = Endpoint(host, hosts) else {
            throw .http(.unknownHost(host))
        }
        return RegistryConnection(
            endpoint, transport, credentials: credentials, pause: pause, interruption: interruption)
    }
}
