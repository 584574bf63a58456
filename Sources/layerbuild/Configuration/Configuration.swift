import OCI

/// What the machine's owner and the user settled once for all commands, in JSON files.
///
/// Flags win over it. Whoever adds a key adds it to ``apply(_:)`` and to the page of the command line.
struct Configuration: Hashable, Sendable {
    /// How many bytes the store may take: every build removes what it can do without until it takes no more.
    var maximumStoreSize: Int64?
    /// Registries that need neither encrypt nor prove who they are.
    var insecureRegistries: Set<String> = []
    /// Files with certificates that are trusted beside the system's.
    var registryAuthorities: [String] = []
    /// Who is asked in a registry's place, in order.
    var registryMirrors: [String: [String]] = [:]
    /// What names of repositories stand for.
    var registryAliases: [Reference: Reference] = [:]

    /// Takes over what a file says; what it does not mention stays as it was.
    mutating func apply(_ file: ConfigurationSection) throws(Failure) {
        try file.refuseAllBut(["store", "registries"])
        if let registries = try file.section("registries") { try applyRegistries(registries) }
        guard let store = try file.section("store") else { return }
        try store.refuseAllBut(["maxSize"])
        if let text = try store.string("maxSize") {
            guard let size = SizeOption.bytes(text) else {
                throw store.refusal(
                    "`maxSize` is `\(text)`, which is no size", hint: "write bytes, or a size such as `20GB`")
            }
            maximumStoreSize = size
        }
    }

    private mutating func applyRegistries(_ section: ConfigurationSection) throws(Failure) {
        try section.refuseAllBut(["insecure", "authorities", "mirrors", "aliases"])
        if let hosts = try section.strings("insecure") { insecureRegistries = Set(hosts) }
        if let files = try section.strings("authorities") { registryAuthorities = files }
        if let mirrors = try section.section("mirrors") {
            for host in mirrors.keys { registryMirrors[host] = try mirrors.strings(host) }
        }
        guard let aliases = try section.section("aliases") else { return }
        for name in aliases.keys {
            guard let meant = try aliases.string(name) else { continue }
            registryAliases[try Self.repository(name, in: aliases)] = try Self.repository(meant, in: aliases)
        }
    }

    /// The name of a repository, without a tag or a digest: the recipe says which one it wants.
    private static func repository(_ text: String, in section: ConfigurationSection) throws(Failure) -> Reference {
        let path = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let name = Reference(text), !path.contains(":"), !path.contains("@") else {
            throw section.refusal(
                "`\(text)` in `aliases` is no name of a repository",
                hint: "write it without a tag, such as `debian` or `registry.example/base/debian`")
        }
        return name
    }
}
