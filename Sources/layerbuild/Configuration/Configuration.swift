/// What the machine's owner and the user settled once for all commands, in JSON files.
///
/// Flags win over it. Whoever adds a key adds it to ``apply(_:)`` and to the page of the command line.
struct Configuration: Hashable, Sendable {
    /// How many bytes the store may take: every build removes what it can do without until it takes no more.
    var maximumStoreSize: Int64?

    /// Takes over what a file says; what it does not mention stays as it was.
    mutating func apply(_ file: ConfigurationSection) throws(Failure) {
        try file.refuseAllBut(["store"])
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
}
