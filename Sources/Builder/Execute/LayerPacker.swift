import Frontend
import Layers
import Linux
import OCI
import Store

/// Packs layers into blobs of the store.
struct LayerPacker {
    let store: Store
    let compression: Compression
    let threads: Int
    /// Says whether somebody will wait for the disk to have the blob.
    var persistence = Persistence.disk

    /// `nil`, and no blob, if `write` writes no entry.
    ///
    /// `earlier`: a layer that is mostly the same. `twin` gets the bytes of the blob as well. `meanwhile` is called once
    /// everything is written to the writer, while the last of it is still compressed.
    func pack(
        resembling earlier: DiffID? = nil, copyingTo twin: FileTwin? = nil,
        meanwhile: () throws(BuildError) -> Void = {}, _ write: (inout LayerWriter) throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        var frames: PackedFrames?
        if let earlier { frames = try self.frames(of: earlier) }
        let blob = try fromStore { () throws(StoreError) in try store.blobs.newBlob() }
        var writer = try writer(into: blob, reusing: frames, copyingTo: twin)
        try write(&writer)
        let layer = try finish(writer, meanwhile)
        guard layer.entryCount > 0 else { return nil }
        do {
            try blob.commit(as: layer.digest, size: layer.size)
            try store.encodings.add(EncodedLayer(layer, compression), of: layer.diffID)
        } catch {
            throw BuildError(error)
        }
        return layer
    }

    /// The frames of a layer that we packed in just this way; `nil` if there is no such blob, or no zstd in it.
    private func frames(of layer: DiffID) throws(BuildError) -> PackedFrames? {
        guard case .zstd = compression else { return nil }
        do {
            let ours = try store.encodings.encodings(of: layer).first {
                $0.compression == compression.description && $0.encoding == Compression.encodingVersion
            }
            guard let ours, let blob = try store.blobs.openUnverified(ours.digest) else { return nil }
            return PackedFrames(of: blob)
        } catch {
            throw BuildError(error)
        }
    }

    private func finish(
        _ writer: consuming LayerWriter, _ meanwhile: () throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer {
        var outcome = Result<Void, BuildError>.success(())
        let layer: WrittenLayer
        do {
            layer = try writer.finish { outcome = Result(catching: meanwhile) }
        } catch {
            throw BuildError(error)
        }
        try outcome.get()
        return layer
    }

    private func writer(
        into blob: borrowing BlobWriter, reusing frames: PackedFrames?, copyingTo twin: FileTwin?
    ) throws(BuildError) -> LayerWriter {
        let output: File
        do { output = try blob.output() } catch { throw BuildError(error) }
        do {
            return try LayerWriter(
                into: output, compression: compression, threads: threads, reusing: frames, for: persistence,
                copyingTo: twin)
        } catch {
            throw BuildError(error)
        }
    }
}

extension StepExecutor {
    /// Packs a step's layer, into the store and into the output that is begun; `nil`, and no blob, if `write` writes no
    /// entry.
    ///
    /// `base` is what the step stands on. `earlier` and `meanwhile`: as for ``LayerPacker``.
    func pack(
        _ step: Step, over base: StepResult, resembling earlier: DiffID? = nil,
        meanwhile: () throws(BuildError) -> Void = {}, _ write: (inout LayerWriter) throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        let packer = LayerPacker(
            store: store, compression: settings.compression, threads: settings.threads,
            persistence: settings.blobPersistence)
        guard let draft, let twin = draft.begin(step.id, over: base.layers) else {
            return try packer.pack(resembling: earlier, meanwhile: meanwhile, write)
        }
        var packed: WrittenLayer?
        defer { draft.end(packed) }
        packed = try packer.pack(resembling: earlier, copyingTo: twin, meanwhile: meanwhile, write)
        return packed
    }
}

/// Runs a call that reads or writes layers; its errors become errors of the build.
func fromLayers<Result: ~Copyable>(_ body: () throws(LayerError) -> Result) throws(BuildError) -> Result {
    do { return try body() } catch { throw BuildError(error) }
}
