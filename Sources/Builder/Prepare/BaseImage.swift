package import OCI

/// An image that a build starts from or copies from: its configuration, and its layers, whose blobs are in the store.
package struct BaseImage: Hashable, Sendable {
    package struct Layer: Hashable, Sendable {
        package let diffID: DiffID
        /// The blob that the image's own manifest names.
        package let descriptor: Descriptor

        package init(diffID: DiffID, descriptor: Descriptor) {
            self.diffID = diffID
            self.descriptor = descriptor
        }
    }

    /// As it was asked for.
    package let name: String
    package let config: ImageConfig
    /// Lowest first.
    package let layers: [Layer]
    package let manifestDigest: Digest

    package init(name: String, config: ImageConfig, layers: [Layer], manifestDigest: Digest) {
        self.name = name
        self.config = config
        self.layers = layers
        self.manifestDigest = manifestDigest
    }
}
