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
    let limits: ArchiveLimits

    /// Takes one layer, or finds that the store has it.
    func take(_ layer: FoundImage.Layer, from files: any ImageFiles) throws(ImageError) -> BaseImage.Layer {
        if let image = files.remote, let descriptor = layer.descriptor {
            return try pull(layer, descriptor, from: image)
        }
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
            let type = LayerMediaType(descriptor.mediaType)?.mediaType
            if known.contains(where: { $0.digest == descriptor.digest && $0.mediaType == type }) {
                return BaseImage.Layer(diffID: layer.diffID, descriptor: descriptor)
            }
        }
        guard let packing = try packing(of: source, layer, in: files) else {
            return try keepUnpacked(source, layer, in: files)
        }
        return try keep(source, layer, packing, in: files)
    }

    /// Copies a blob as it is that needs no more than its own digest: an attestation, a nested index.
    func takeOpaque(_ descriptor: Descriptor, at name: TreePath, from files: any ImageFiles) throws(ImageError) {
        let present = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: descriptor.digest) }
        if present == descriptor.size { return }
        if let image = files.remote { return try pullOpaque(descriptor, at: name, from: image) }
        guard let source = try files.open(name) else {
            throw files.refusal("image-blob-missing", name, "the image needs this file, and it is not there")
        }
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

    /// The name of what a compressed blob holds.
    private func unpacked(_ blob: borrowing File, _ place: String) throws(ImageError) -> DiffID {
        do throws(LayerError) {
            return try TarReader.summary(of: try rewound(blob), limits: limits).diffID
        } catch {
            throw ImageError.reading(error, place)
        }
    }

    /// Keeps the tar of a layer whose packing no manifest can name.
    private func keepUnpacked(
        _ source: borrowing SourceFile, _ layer: FoundImage.Layer, in files: any ImageFiles
    ) throws(ImageError) -> BaseImage.Layer {
        let scratch = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        _ = try copy(source, to: scratch.file)
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let summary: ArchiveSummary
        do throws(LayerError) {
            summary = try TarReader.unpack(try rewound(scratch.file), into: blob.file, limits: limits)
        } catch {
            throw ImageError.reading(error, files.place(of: layer.file))
        }
        guard summary.diffID == layer.diffID else {
            throw files.refusal(
                "image-diff-id", layer.file,
                "the layer's contents are \(summary.diffID), and the configuration says \(layer.diffID)")
        }
        let encoded = EncodedLayer(
            digest: layer.diffID.digest, size: summary.uncompressedSize, mediaType: .layer, compression: "none",
            encoding: 0)
        do throws(StoreError) {
            try blob.commit(as: encoded.digest, size: encoded.size)
            try store.encodings.add(encoded, of: layer.diffID)
        } catch {
            throw .store(error)
        }
        return BaseImage.Layer(diffID: layer.diffID, descriptor: encoded.descriptor)
    }

    /// Another descriptor of a file that was just written, at its beginning. Its bytes come from the page cache.
    private func rewound(_ file: borrowing File) throws(LayerError) -> File {
        do throws(SyscallError) {
            let copy = File(try file.handle.duplicate())
            try copy.seek(to: 0)
            return copy
        } catch {
            throw .system(error)
        }
    }

    /// Copies and hashes in one pass.
    private func copy(
        _ source: borrowing SourceFile, to target: borrowing File
    ) throws(ImageError) -> (Digest, Int64) {
        try ImageError.system { () throws(SyscallError) in try source.copy(to: target) }
    }
}
