package import OCI

/// An image, or a single layer, that somebody wants to look into. Its blobs are in the store.
package struct InspectedImage: Hashable, Sendable {
    /// A layer with the line of the recipe that made it.
    package struct Layer: Hashable, Sendable {
        package let diffID: DiffID
        /// The blob that is read; `nil` if there is none.
        package let descriptor: Descriptor?
        /// The line of history; `nil` where the image does not say.
        package let history: History?
    }

    /// As it was asked for.
    package let name: String
    /// What a name stands for: the manifest, or an index over it; `nil` for a layer alone.
    package let root: Digest?
    package let manifest: Digest?
    package let config: ImageConfig?
    /// Lowest first.
    package let layers: [Layer]

    /// Each line of history with the layer that it made, the oldest first.
    package var lines: [(history: History, layer: Layer?)] {
        var ahead = layers[...]
        return (config?.history ?? []).map { line in (line, line.emptyLayer ? nil : ahead.popFirst()) }
    }

    init(layer: DiffID, descriptor: Descriptor, name: String) {
        self.name = name
        root = nil
        manifest = nil
        config = nil
        layers = [Layer(diffID: layer, descriptor: descriptor, history: nil)]
    }
}

extension InspectedImage {
    init(_ image: BaseImage, root: Digest, name: String) {
        let lines = image.config.history.filter { !$0.emptyLayer }
        self.name = name
        self.root = root
        manifest = image.manifestDigest
        config = image.config
        layers = image.layers.enumerated().map { index, layer in
            Layer(
                diffID: layer.diffID, descriptor: layer.descriptor,
                history: lines.count == image.layers.count ? lines[index] : nil)
        }
    }
}
