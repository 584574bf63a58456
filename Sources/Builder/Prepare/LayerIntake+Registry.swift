import Layers
import Linux
import OCI
import Store

extension LayerIntake {
    /// Takes a layer from a registry, or finds that the store has it.
    ///
    ///     registry → blob in the store
    ///              ↘ pipe → decompressed on another thread → its DiffID
    ///
    /// Who decompresses slowly makes the registry wait: the pipe is short, and nothing is kept in memory.
    func pull(
        _ layer: FoundImage.Layer, _ descriptor: Descriptor, from image: RegistryImage
    ) throws(ImageError) -> BaseImage.Layer {
        let place = "\(image.place): \(descriptor.digest)"
        guard let type = LayerMediaType(descriptor.mediaType) else {
            throw .rejected("image-media-type", place, "`\(descriptor.mediaType)` is not the type of a layer")
        }
        if try isKnown(layer.diffID, descriptor, type) {
            image.skip(descriptor.size)
            return BaseImage.Layer(diffID: layer.diffID, descriptor: descriptor)
        }
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let found: DiffID
        if type.packing == .none {
            try image.download(descriptor) { bytes throws(ImageError) in try Self.write(bytes, to: writer.file) }
            found = DiffID(descriptor.digest)
        } else {
            found = try unpacking(place) { feed throws(ImageError) in
                try image.download(descriptor) { bytes throws(ImageError) in
                    try Self.write(bytes, to: writer.file)
                    try feed(bytes)
                }
            }
        }
        guard found == layer.diffID else {
            throw .rejected(
                "image-diff-id", place,
                "the layer's contents are \(found), and the configuration says \(layer.diffID)")
        }
        let encoded = EncodedLayer(
            digest: descriptor.digest, size: descriptor.size, mediaType: type.mediaType, compression: "\(type.packing)",
            encoding: 0)
        do throws(StoreError) {
            try writer.commit(as: descriptor.digest, size: descriptor.size)
            try store.encodings.add(encoded, of: found)
        } catch {
            throw .store(error)
        }
        return BaseImage.Layer(diffID: found, descriptor: descriptor)
    }

    /// Takes a document or a blob that is not looked into.
    func pullOpaque(
        _ descriptor: Descriptor, at name: TreePath, from image: RegistryImage
    ) throws(ImageError) {
        if descriptor.mediaType.isManifest || descriptor.mediaType.isIndex {
            let bytes = try image.required(descriptor, at: name)
            _ = try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
            return
        }
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        try image.download(descriptor) { bytes throws(ImageError) in try Self.write(bytes, to: writer.file) }
        do { try writer.commit(as: descriptor.digest, size: descriptor.size) } catch { throw .store(error) }
    }

    /// True if the blob is there and is known to hold the layer: it was verified when it came in.
    private func isKnown(
        _ layer: DiffID, _ descriptor: Descriptor, _ type: LayerMediaType
    ) throws(ImageError) -> Bool {
        let known = try ImageError.store { () throws(StoreError) in try store.encodings.encodings(of: layer) }
        return known.contains {
            $0.digest == descriptor.digest && $0.size == descriptor.size && $0.mediaType == type.mediaType
        }
    }

    /// What the bytes that `body` feeds hold, decompressed while they come.
    private func unpacking(
        _ place: String, _ body: ((UnsafeRawBufferPointer) throws(ImageError) -> Void) throws(ImageError) -> Void
    ) throws(ImageError) -> DiffID {
        let layer = try ImageError.system { () throws(SyscallError) in try ArrivingLayer(limits, place) }
        do throws(ImageError) {
            try body { bytes throws(ImageError) in try layer.feed(bytes) }
        } catch {
            layer.abandon()
            throw error
        }
        return try layer.finish()
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: borrowing File) throws(ImageError) {
        do throws(SyscallError) { try file.write(bytes) } catch { throw .system(error) }
    }
}
