import Layers
import Linux
package import OCI
package import Store

/// Looks into images without unpacking anything.
package struct ImageInspector: Sendable {
    private let store: Store
    private let platform: Platform
    private let threads: Int

    package init(store: Store, platform: Platform, threads: Int) {
        self.store = store
        self.platform = platform
        self.threads = threads
    }

    /// The image that a text means: a name, or the digest of a manifest or of a layer; `nil` if the store has none.
    package func find(_ text: String) throws(ImageError) -> InspectedImage? {
        let images = StoredImages(store: store)
        if let digest = Digest(text) { return try find(digest) }
        guard let name = Reference(text), let image = try images.image(name, platform) else { return nil }
        return InspectedImage(image.base, root: image.root.digest, name: name.familiar)
    }

    private func find(_ digest: Digest) throws(ImageError) -> InspectedImage? {
        let images = StoredImages(store: store)
        if let image = try images.image(named: digest, platform) {
            return InspectedImage(image.base, root: image.root.digest, name: "\(digest)")
        }
        if let blob = try encoding(of: DiffID(digest)) {
            return InspectedImage(layer: DiffID(digest), descriptor: blob, name: "\(digest)")
        }
        guard try isManifest(digest) else { return nil }
        return InspectedImage(
            try images.image(manifest: digest, name: "\(digest)"), root: digest, name: "\(digest)")
    }

    private func isManifest(_ digest: Digest) throws(ImageError) -> Bool {
        let size = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: digest) }
        guard let size, size <= DocumentLimit.manifest else { return false }
        let bytes = try document(digest)
        return (try? Manifest(parsing: bytes)) != nil
    }

    /// An image that lies elsewhere. It is taken into the store without a name.
    package func read(_ source: ImageSource, name: String) throws(ImageError) -> InspectedImage {
        let importer = ImageImporter(store: store, platform: platform, threads: threads)
        let image = try importer.read(source, extent: .chosenPlatform)
        return InspectedImage(image.base, root: image.root.digest, name: name)
    }

    /// The bytes of one of an image's documents, verified.
    package func document(_ digest: Digest) throws(ImageError) -> [UInt8] {
        try ImageError.store { () throws(StoreError) in try store.blobs.read(digest) }
    }

    /// What each layer's archive lists, the lowest layer first.
    func layers(of image: InspectedImage, _ detail: InspectedTree.Detail) throws(ImageError) -> [LayerListing] {
        let contents = detail == .contents ? LayerListing.Contents.named : .passedOver
        return try image.layers.mapOnThreads(threads) { layer throws(ImageError) in
            let blob = try open(layer)
            do throws(LayerError) { return try LayerListing(reading: blob, contents: contents) } catch {
                throw ImageError.reading(error, "\(layer.diffID)")
            }
        }
    }

    /// The tree that the layers make.
    package func tree(
        of image: InspectedImage, _ detail: InspectedTree.Detail
    ) throws(ImageError) -> InspectedTree {
        let layers = try layers(of: image, detail)
        do throws(LayerError) { return try InspectedTree(layers) } catch { throw ImageError.reading(error, image.name) }
    }

    /// Passes on what a file of the tree holds, until the reader says that it wants no more by returning false.
    package func read(
        _ file: InspectedFile, of image: InspectedImage, _ reader: (UnsafeRawBufferPointer) -> Bool
    ) throws(ImageError) {
        let layer = image.layers[file.layer]
        let blob = try open(layer)
        let isThere: Bool
        do throws(LayerError) { isThere = try TarReader.readFile(file.source, in: blob, reader) } catch {
            throw ImageError.reading(error, "\(layer.diffID)")
        }
        guard isThere else { throw .store(.missing(layer.diffID.digest)) }
    }

    private func open(_ layer: InspectedImage.Layer) throws(ImageError) -> File {
        let known = if let named = layer.descriptor { named } else { try encoding(of: layer.diffID) }
        guard let blob = known else { throw .store(.missing(layer.diffID.digest)) }
        return try ImageError.store { () throws(StoreError) in try store.blobs.open(blob.digest) }
    }

    private func encoding(of layer: DiffID) throws(ImageError) -> Descriptor? {
        try ImageError.store { () throws(StoreError) in try store.encodings.encodings(of: layer).first?.descriptor }
    }
}
