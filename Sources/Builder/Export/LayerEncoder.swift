package import Layers
import OCI
package import Store

/// Chooses the blob that stands for a layer in an image, making it from another one where none is right.
///
/// What is made is kept in the store with a note of how, so each layer is converted once for each encoding.
package struct LayerEncoder: Sendable {
    private let store: Store
    private let choice: CompressionChoice
    private let threads: Int

    package init(store: Store, choice: CompressionChoice, threads: Int) {
        self.store = store
        self.choice = choice
        self.threads = threads
    }

    /// The encoding that new layers get.
    var compression: Compression { choice.compression }

    /// The blob of a layer of our own making: always the chosen encoding, whatever else the store may hold, so that an
    /// image does not depend on what was built before it.
    func descriptor(of layer: DiffID) throws(ImageError) -> Descriptor {
        try descriptor(of: layer, in: choice.compression)
    }

    /// The blob of a base's layer: the one it came with, unless a compression was asked for and this is another.
    func descriptor(ofBase layer: BaseImage.Layer) throws(ImageError) -> Descriptor {
        if let own = ownDescriptor(of: layer) { return own }
        return try descriptor(of: layer.diffID, in: choice.compression)
    }

    /// The same as ``descriptor(of:)``, and `nil` where the blob would have to be made.
    func readyDescriptor(of layer: DiffID) throws(ImageError) -> Descriptor? {
        try match(for: choice.compression, among: encodings(of: layer))
    }

    /// The same as ``descriptor(ofBase:)``, and `nil` where the blob would have to be made.
    func readyDescriptor(ofBase layer: BaseImage.Layer) throws(ImageError) -> Descriptor? {
        if let own = ownDescriptor(of: layer) { return own }
        return try readyDescriptor(of: layer.diffID)
    }

    private func ownDescriptor(of layer: BaseImage.Layer) -> Descriptor? {
        guard let type = LayerMediaType(layer.descriptor.mediaType) else { return nil }
        guard !choice.isExplicit || choice.level == nil && type.mediaType == choice.compression.mediaType else {
            return nil
        }
        return Descriptor(
            mediaType: type.mediaType, digest: layer.descriptor.digest, size: layer.descriptor.size)
    }

    /// The same layer as a blob that docker has always read: plain or gzip.
    func dockerDescriptor(of layer: Descriptor, diffID: DiffID) throws(ImageError) -> Descriptor {
        guard layer.mediaType == .layerZstd else { return layer }
        return try descriptor(of: diffID, in: .gzip(level: 6))
    }

    /// Finds the layer in an encoding, or makes it.
    private func descriptor(of layer: DiffID, in compression: Compression) throws(ImageError) -> Descriptor {
        let known = try encodings(of: layer)
        if let match = match(for: compression, among: known) { return match }
        guard let source = known.first else { throw .store(.missing(layer.digest)) }
        return try convert(source, of: layer, to: compression)
    }

    private func encodings(of layer: DiffID) throws(ImageError) -> [EncodedLayer] {
        try ImageError.store { () throws(StoreError) in try store.encodings.encodings(of: layer) }
    }

    private func match(for compression: Compression, among known: [EncodedLayer]) -> Descriptor? {
        known.first { $0.isOurs(compression) || compression == .none && $0.mediaType == .layer }?.descriptor
    }

    private func convert(
        _ source: EncodedLayer, of layer: DiffID, to compression: Compression
    ) throws(ImageError) -> Descriptor {
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.open(source.digest) }
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let output = try ImageError.store { () throws(StoreError) in try writer.output() }
        let written: PackedTar
        let read: ArchiveSummary
        do throws(LayerError) {
            var packer = try Recompression(into: output, compression: compression, threads: threads)
            read = try TarReader.forEachPart(of: blob) { part throws(LayerError) in try packer.write(part) }
            written = try packer.finish()
        } catch {
            throw .layer(error)
        }
        guard read.diffID == layer, written.diffID == layer else {
            throw .store(.damaged(store.blobs.path(of: source.digest), why: "its contents have changed"))
        }
        let encoded = EncodedLayer(
            digest: written.digest, size: written.size, mediaType: compression.mediaType,
            compression: compression.description, encoding: Int64(Compression.encodingVersion))
        do throws(StoreError) {
            try writer.commit(as: written.digest, size: written.size)
            try store.encodings.add(encoded, of: layer)
        } catch {
            throw .store(error)
        }
        return encoded.descriptor
    }
}

extension CompressionChoice {
    /// The encoding that new layers get.
    package var compression: Compression {
        switch algorithm {
        case .zstd: .zstd(level: level ?? 3)
        case .gzip: .gzip(level: level ?? 6)
        case .none: .none
        }
    }
}

extension EncodedLayer {
    /// What the store notes of a layer that we have written.
    package init(_ written: WrittenLayer, _ compression: Compression) {
        self.init(
            digest: written.digest, size: written.size, mediaType: compression.mediaType,
            compression: compression.description, encoding: Int64(Compression.encodingVersion))
    }

    /// True if this is what our writer makes of the layer today.
    package func isOurs(_ compression: Compression) -> Bool {
        self.compression == compression.description && encoding == Int64(Compression.encodingVersion)
    }
}
