/// What came out of an archive, and what could not be kept of it.
package struct UnpackedArchive: Hashable, Sendable {
    package let summary: ArchiveSummary
    package let losses: Losses

    /// What a user without privileges, or a file system without attributes, cannot keep.
    package struct Losses: Hashable, Sendable {
        /// Files that belong to whoever unpacked them instead of whom the archive says.
        package var owners = 0
        package var attributes = 0
    }
}
