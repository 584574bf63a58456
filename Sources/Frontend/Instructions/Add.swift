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
