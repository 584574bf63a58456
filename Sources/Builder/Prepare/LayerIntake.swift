import Layers
import Linux
import OCI
import Store

/// Takes layers out of a source into the store, checking on the way that they are what they are said to be.
///
///     source → blob in the store → its digest and size → decompressed → its DiffID
///
/// Blobs that are plain, gzip or zstd keep their bytes; others are encoded anew, since no manifest can name them.
struct LayerIntake: Sendable {
    let store: Store
    let threads: Int
    /// No layer may have more bytes than this once it is decompressed.
    let maximumSize: Int64

    /// Takes one layer, or finds that the store has it.
    func take(_ layer: FoundImage.Layer, from files: any ImageFiles) throws(ImageError) -> BaseImage.Layer {
        guard let source = try files.open(layer.file) else {
            throw files.refusal("image-blob-missing", layer.file, "the image needs this layer, and it is not there")
        }
        if let descriptor = layer.descriptor {
            guard source.size == descriptor.size else {
                throw files.refusal(
                    "image-blob-size", layer.file,
                    "\(source.size) bytes, where the descriptor says \(descriptor.size)")
            }
            let known = try ImageError.store { () throws(StoreError) in
                try store.encodings.encodings(of: layer.diffID)
            }
            // It was verified when it came in.
            if known.contains(where: { $0.digest == descriptor.digest }) {
                return BaseImage.Layer(diffID: layer.diffID, descriptor: descriptor)
            }
        }
        guard let packing = try packing(of: source, layer, in: files) else {
            throw files.refusal(
                "image-compression", layer.file, "layers are plain, gzip or zstd; this one is packed in another way")
        }
        return try keep(source, layer, packing, in: files)
    }

    /// Copies a blob as it is that needs no more than its own digest: an attestation, a nested index.
    func takeOpaque(_ descriptor: Descriptor, at name: TreePath, from files: any ImageFiles) throws(ImageError) {
        guard let source = try files.open(name) else {
            throw files.refusal("image-blob-missing", name, "the image needs this file, and it is not there")
        }
        let present = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: descriptor.digest) }
        if present == descriptor.size { return }
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let (digest, size) = try copy(source, to: writer.file)
        guard size == descriptor.size, digest == descriptor.digest else {
            throw files.refusal("image-blob-digest", name, "the contents are not those of \(descriptor.digest)")
        }
        do { try writer.commit(as: digest, size: size) } catch { throw .store(error) }
    }

    /// How a blob is packed by its first bytes; `nil` if not in a way that a manifest can name.
    private func packing(
        of source: borrowing SourceFile, _ layer: FoundImage.Layer, in files: any ImageFiles
    ) throws(ImageError) -> LayerMediaType.Packing? {
        let start = try ImageError.system { () throws(SyscallError) in try source.prefix(8) }
        let packing: LayerMediaType.Packing? =
            if start.starts(with: [0x1F, 0x8B]) {
                .gzip
            } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippableFrame(start) {
                .zstd
            } else if start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) || start.starts(with: [0x42, 0x5A, 0x68]) {
                nil
            } else {
                LayerMediaType.Packing.none
            }
        if let descriptor = layer.descriptor, let type = LayerMediaType(descriptor.mediaType), type.packing != packing {
            throw files.refusal(
                "image-media-type", layer.file, "the bytes are not what `\(descriptor.mediaType)` says")
        }
        return packing
    }

    /// zstd's frames that hold no contents, with which zstd:chunked layers may begin (RFC 8878, 3.1.2).
    private static func isSkippableFrame(_ start: [UInt8]) -> Bool {
        start.count >= 4 && start[0] & 0xF0 == 0x50 && start[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    }

    private func keep(
        _ source: borrowing SourceFile, _ layer: FoundImage.Layer, _ packing: LayerMediaType.Packing,
        in files: any ImageFiles
    ) throws(ImageError) -> BaseImage.Layer {
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let (digest, size) = try copy(source, to: writer.file)
        guard size == source.size else {
            throw files.refusal("image-blob-size", layer.file, "the file ends too early")
        }
        if let descriptor = layer.descriptor, descriptor.digest != digest {
            throw files.refusal(
                "image-blob-digest", layer.file, "the contents are not those of \(descriptor.digest)")
        }
        let diffID = packing == .none ? DiffID(digest) : try unpacked(writer.file, files.place(of: layer.file))
        guard diffID == layer.diffID else {
            throw files.refusal(
                "image-diff-id", layer.file,
                "the layer's contents are \(diffID), and the configuration says \(layer.diffID)")
        }
        let descriptor =
            layer.descriptor ?? Descriptor(mediaType: LayerMediaType(packing).mediaType, digest: digest, size: size)
        let encoded = EncodedLayer(
            digest: digest, size: size, mediaType: LayerMediaType(packing).mediaType,
            compression: "\(packing)", encoding: 0)
        do throws(StoreError) {
            try writer.commit(as: digest, size: size)
            try store.encodings.add(encoded, of: diffID)
        } catch {
            throw .store(error)
        }
        return BaseImage.Layer(diffID: diffID, descriptor: descriptor)
    }

    /// The name of what a compressed blob holds. Its bytes come from the page cache, into which they were just written.
    private func unpacked(_ blob: borrowing File, _ place: String) throws(ImageError) -> DiffID {
        let reading = try ImageError.system { () throws(SyscallError) in
            let copy = File(try blob.handle.duplicate())
            try copy.seek(to: 0)
            return copy
        }
        do {
            return try TarReader.summary(of: reading, limits: ArchiveLimits(size: maximumSize)).diffID
        } catch {
            throw ImageError.reading(error, place)
        }
    }

    /// Copies and hashes in one pass.
    private func copy(
        _ source: borrowing SourceFile, to target: borrowing File
    ) throws(ImageError) -> (Digest, Int64) {
        do throws(SyscallError) {
            var hasher = DigestHasher()
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
            defer { chunk.deallocate() }
            var position: Int64 = 0
            while true {
                let count = try source.read(into: chunk, at: position)
                if count == 0 { break }
                let bytes = UnsafeRawBufferPointer(rebasing: chunk[..<count])
                hasher.update(bytes)
                try target.write(bytes)
                position += Int64(count)
            }
            return (hasher.finish(), position)
        } catch {
            throw .system(error)
        }
    }
}
