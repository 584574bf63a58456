package import OCI

/// What is known of an archive once its last byte has been read.
package struct ArchiveSummary: Hashable, Sendable {
    /// Names the file as it was read.
    package let digest: Digest
    package let size: Int64
    /// Names the uncompressed tar.
    package let diffID: DiffID
    package let uncompressedSize: Int64
    package let entryCount: Int64
}
