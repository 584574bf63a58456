package import OCI

/// An image that has been taken into the store.
package struct ImportedImage: Hashable, Sendable {
    /// The image for the platform that was asked for.
    package let base: BaseImage
    /// What a name of the image stands for: its manifest, or the index over it if all of that is there.
    package let root: Descriptor
    /// The names that the source gives it.
    package let names: [Reference]
    /// Every blob of it.
    package let blobs: [Digest]
    /// The manifests for other platforms that the index names which it was chosen from.
    var siblings: Set<Digest> = []
}
