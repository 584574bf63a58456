package import OCI

/// A tar and the blob that it was written as; of one that was only to be named, the blob is the tar itself.
package struct PackedTar: Hashable, Sendable {
    package let diffID: DiffID
    package let uncompressedSize: Int64
    package let digest: Digest
    package let size: Int64
}
