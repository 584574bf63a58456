package import OCI

/// What is known of a layer once its last byte is written.
package struct WrittenLayer: Hashable, Sendable {
    /// Names the uncompressed tar.
    package let diffID: DiffID
    /// Names the blob.
    package let digest: Digest
    /// Of the blob, in bytes.
    package let size: Int64
    package let uncompressedSize: Int64
    package let entryCount: Int
    /// Names the entries without their times: equal for two layers that leave the same files behind.
    package let contents: Digest
}
