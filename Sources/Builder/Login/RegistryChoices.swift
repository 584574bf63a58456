package import OCI
import Registry

/// What the command line, the configuration and the environment decided about registries, as plain values.
package struct RegistryChoices: Hashable, Sendable {
    /// `host` or `host:port`: need neither encrypt nor prove who they are.
    package var insecure: Set<String>
    /// Certificates, as PEM, that are trusted beside the system's.
    package var authorities: [UInt8]
    /// Who is asked first in a registry's place, in order.
    package var mirrors: [String: [String]]
    /// Repositories that are read from another place, by the names of both; tags and digests of these do not count.
    package var aliases: [Reference: Reference]
    /// `NAME=value`: proxies, places of credentials, and what the programs that keep some need.
    package var environment: [String]
    /// What we call ourselves.
    package var userAgent: String
    /// Makes the pauses between two tries differ from those of others.
    package var seed: UInt64

    package init(environment: [String], userAgent: String, seed: UInt64) {
        insecure = []
        authorities = []
        mirrors = [:]
        aliases = [:]
        self.environment = environment
        self.userAgent = userAgent
        self.seed = seed
    }

    var settings: RegistrySettings {
        var settings = RegistrySettings(
            userAgent: userAgent, credentials: CredentialPlaces(environment: environment), seed: seed)
        settings.http.authorities = authorities
        settings.http.proxies = HTTPConfiguration.Proxies { name in
            environment.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
        }
        settings.hosts = RegistryHosts(insecure: insecure, mirrors: mirrors)
        for (written, meant) in aliases {
            settings.hosts.aliases[RegistryHosts.Repository(of: written)] = RegistryHosts.Repository(of: meant)
        }
        return settings
    }
}
