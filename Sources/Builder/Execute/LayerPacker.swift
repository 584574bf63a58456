import Layers
import Linux
import OCI
import Store

/// Packs layers into blobs of the store.
struct LayerPacker {
    let store: Store
    let compression: Compression
    let threads: Int

    /// `nil`, and no blob, if `write` writes no entry.
    func pack(
        _ write: (inout LayerWriter) throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        let blob = try fromStore { () throws(StoreError) in try store.blobs.newBlob() }
        let layer = try self.write(into: blob, write)
        guard layer.entryCount > 0 else { return nil }
        do {
            try blob.commit(as: layer.digest, size: layer.size)
            try store.encodings.add(EncodedLayer(layer, compression), of: layer.diffID)
        } catch {
            throw BuildError(error)
        }
        return layer
    }

    private func write(
        into blob: borrowing BlobWriter, _ write: (inout LayerWriter) throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer {
        var writer = try writer(into: blob)
        try write(&writer)
        do { return try writer.finish() } catch { throw BuildError(error) }
    }

    private func writer(into blob: borrowing BlobWriter) throws(BuildError) -> LayerWriter {
        let output: File
        do { output = try blob.output() } catch { throw BuildError(error) }
        do {
            return try LayerWriter(into: output, compression: compression, threads: threads)
        } catch {
            throw BuildError(error)
        }
    }
}

extension StepExecutor {
    /// Packs a step's layer; `nil`, and no blob, if `write` writes no entry.
    func pack(
        _ write: (inout LayerWriter) throws(BuildError) -> Void
    ) throws(BuildError) -> WrittenLayer? {
        try LayerPacker(store: store, compression: settings.compression, threads: settings.threads).pack(write)
    }
}

/// Runs a call that reads or writes layers; its errors become errors of the build.
func fromLayers<Result: ~Copyable>(_ body: () throws(LayerError) -> Result) throws(BuildError) -> Result {
    do { return try body() } catch { throw BuildError(error) }
}
