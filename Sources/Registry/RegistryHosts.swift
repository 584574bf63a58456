package import OCI

/// What the user has settled about registries: which need no encryption, and who is asked in whose place.
package struct RegistryHosts: Hashable, Sendable {
    /// `host` or `host:port`, as in the names of images: need not prove who they are, nor encrypt.
    package var insecure: Set<String>
    /// Who is asked first when something is read from a registry, in order: `host[:port][/prefix]`.
    package var mirrors: [String: [String]]
    /// The repositories that others are read from instead; a tag or a digest is the one that was asked for.
    package var aliases: [Repository: Repository]

    /// Where images of several tags are.
    package struct Repository: Hashable, Sendable {
        package let registry: String
        package let path: String

        package init(of name: Reference) {
            registry = name.registry
            path = name.repository
        }
    }

    package init(
        insecure: Set<String> = [], mirrors: [String: [String]] = [:], aliases: [Repository: Repository] = [:]
    ) {
        self.insecure = insecure
        self.mirrors = mirrors
        self.aliases = aliases
    }
}
