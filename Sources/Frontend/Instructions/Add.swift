/// `ADD [flags] source… destination`: archives are unpacked, addresses and git repositories fetched.
package struct Add: Hashable, Sendable {
    /// Paths, addresses and heredocs in the order in which they were written.
    package let sources: [CopySource]
    package let destination: Word
    package let owner: Word?
    package let mode: Word?
    package let link: Bool
    /// `nil` if the flag was not given.
    package let keepsGitFolder: Bool?
    /// `nil` unpacks local archives only.
    package let unpack: Bool?
    package let checksum: Word?
    /// Patterns; variables in them are not replaced.
    package let excludes: [Located<String>]
}

extension Add {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        let (sources, destination) = try CopySource.all(in: request, of: .add)
        let flags = try FlagTable(
            request.flags, of: .add,
            known: [
                "chown": .single, "chmod": .single, "link": .switched, "keep-git-dir": .switched,
                "checksum": .single, "unpack": .switched, "exclude": .repeated,
            ])
        self.sources = sources
        self.destination = destination
        owner = flags.word("chown")
        mode = flags.word("chmod")
        link = try flags.truth("link") ?? false
        keepsGitFolder = try flags.truth("keep-git-dir")
        unpack = try flags.truth("unpack")
        checksum = flags.word("checksum")
        excludes = flags.words("exclude").map(\.located)
    }
}
