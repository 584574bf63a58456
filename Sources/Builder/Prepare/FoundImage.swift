import OCI

/// An image in a source: its documents, read and judged, and where its layers lie. No layer has been looked into.
struct FoundImage: Sendable {
    /// A layer by the name of its file.
    struct Layer: Sendable {
        let file: TreePath
        let diffID: DiffID
        /// What the manifest says of the blob; `nil` where the source has no manifest that says it.
        let descriptor: Descriptor?
    }

    /// The manifest with its bytes; `nil` where the source has none and one is to be made.
    let manifest: FoundDocument?
    let configBytes: [UInt8]
    let config: ImageConfig
    let layers: [Layer]
}

/// A document of a source with what names it.
struct FoundDocument: Sendable {
    let descriptor: Descriptor
    let bytes: [UInt8]
}

/// What was chosen in a source.
struct FoundSelection: Sendable {
    let files: any ImageFiles
    /// The image for the platform that was asked for.
    let image: FoundImage
    /// The index over it with everything below, if it has one whose blobs are all there.
    let index: FoundIndex?
    /// The names that the source gives the image.
    let names: [Reference]
}

/// An index whose images are all in the source.
struct FoundIndex: Sendable {
    let document: FoundDocument
    /// The images of the other platforms.
    let others: [FoundImage]
    /// Documents and blobs that are kept as they are: nested indexes, attestations.
    let opaque: [(file: TreePath, descriptor: Descriptor)]
}

extension FoundImage {
    /// More layers than this no overlay can hold.
    static let maximumLayers = 500

    /// Reads an image of OCI or docker's schema 2: the manifest has been read, `locate` says where blobs lie.
    init(
        _ document: FoundDocument, named name: TreePath, in files: any ImageFiles,
        locate: (Digest) -> TreePath
    ) throws(ImageError) {
        let manifest = try files.read(name) { () throws(OCIError) in try Manifest(parsing: document.bytes) }
        guard manifest.mediaType == document.descriptor.mediaType else {
            throw files.refusal(
                "image-media-type", name,
                "it says that it is `\(manifest.mediaType)` and was named as `\(document.descriptor.mediaType)`")
        }
        guard manifest.config.mediaType.isConfig else {
            throw files.refusal(
                "image-media-type", name, "the configuration's type `\(manifest.config.mediaType)` is not an image's")
        }
        let configName = locate(manifest.config.digest)
        let configBytes = try files.required(manifest.config, at: configName, limit: DocumentLimit.config)
        let config = try files.read(configName) { () throws(OCIError) in try ImageConfig(parsing: configBytes) }

        try self.init(
            manifest: document, configBytes: configBytes, config: config, configName: configName, files: files,
            layers: manifest.layers.map { (locate($0.digest), $0) })
    }

    /// Puts an image together whose layers are listed lowest first, checking that configuration and list agree.
    init(
        manifest: FoundDocument?, configBytes: [UInt8], config: ImageConfig, configName: TreePath,
        files: any ImageFiles, layers: [(file: TreePath, descriptor: Descriptor?)]
    ) throws(ImageError) {
        guard layers.count == config.diffIDs.count else {
            throw files.refusal(
                "image-layer-count", configName,
                "it names \(config.diffIDs.count) layers where the manifest has \(layers.count)")
        }
        guard layers.count <= Self.maximumLayers else {
            throw files.refusal(
                "image-layer-count", configName,
                "it has \(layers.count) layers, and overlayfs takes no more than \(Self.maximumLayers)")
        }
        for layer in layers {
            guard let descriptor = layer.descriptor, LayerMediaType(descriptor.mediaType) == nil else { continue }
            throw files.refusal(
                "image-media-type", layer.file, "`\(descriptor.mediaType)` is not the type of a layer")
        }
        self.manifest = manifest
        self.configBytes = configBytes
        self.config = config
        self.layers = zip(layers, config.diffIDs).map { layer, diffID in
            Layer(file: layer.file, diffID: diffID, descriptor: layer.descriptor)
        }
    }
}
