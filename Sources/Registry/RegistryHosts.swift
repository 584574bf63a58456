/// What the user has settled about registries: which need no encryption, and who is asked in whose place.
package struct RegistryHosts: Hashable, Sendable {
    /// `host` or `host:port`, as in the names of images: need not prove who they are, nor encrypt.
    package var insecure: Set<String>
    /// Who is asked first when something is read from a registry, in order: `host[:port][/prefix]`.
    package var mirrors: [String: [String]]

    package init(insecure: Set<String> = [], mirrors: [String: [String]] = [:]) {
        self.insecure = insecure
        self.mirrors = mirrors
    }
}
