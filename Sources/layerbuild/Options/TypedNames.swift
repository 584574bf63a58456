import OCI

extension Reference {
    /// A name as typed after `-t`.
    init(typed text: String) throws(Failure) {
        guard let name = Reference(text) else {
            throw .usage(
                "`\(text)` is no name of an image", hint: "write `name[:tag]` in lower case, such as `shop/web:1.2`")
        }
        guard name.digest == nil else { throw .usage("`\(text)` has a digest, which a name to be given cannot have") }
        self = name
    }
}

extension Platform {
    /// A platform as typed after `--platform`.
    init(typed text: String) throws(Failure) {
        guard !text.contains(",") else { throw .usage("`--platform` takes one platform at a time") }
        guard let platform = Platform(text) else {
            throw .usage("`\(text)` is no platform", hint: "write `os/architecture`, such as `linux/arm64`")
        }
        self = platform
    }

    /// Several as typed after `--platform`, with commas between them: each once, and sorted, so that an index is the same
    /// in whatever order they were typed.
    static func list(typed text: String) throws(Failure) -> [Platform] {
        var platforms: [Platform] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let platform = try Platform(typed: String(part))
            if !platforms.contains(platform) { platforms.append(platform) }
        }
        return platforms.sorted { $0.description < $1.description }
    }
}
