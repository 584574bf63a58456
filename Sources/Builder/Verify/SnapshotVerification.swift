import Layers
import Linux
import OCI
import Store
import SystemPackage

/// Compares unpacked layers with what their blobs unpack to.
struct SnapshotVerification: Sendable {
    let store: Store
    /// The blobs that are known not to be what they should.
    let damaged: Set<Digest>

    /// What is wrong with a snapshot, as one clause.
    enum Verdict: Hashable, Sendable {
        case differs(String)
        /// There is nothing to compare it with.
        case incomparable(String)
        /// Its layer has never been packed. A build makes the folder first, for the next step, and packs behind, where one
        /// that is killed may not come to. Whoever packs it compares its name.
        case unfinished

        /// False if nothing is known to be wrong.
        var isFinding: Bool { self != .unfinished }
    }

    /// What is wrong with the snapshot of these layers, the lowest first; `nil` if nothing is.
    ///
    /// The layer is unpacked once more, below `tmp`, and what both show over the layers below is compared.
    func fault(of layers: [DiffID]) throws(ImageError) -> Verdict? {
        guard let layer = layers.last, let chain = layers.chain,
            let folder = try ImageError.store({ () throws(StoreError) in try store.snapshots.snapshot(chain) })
        else { return nil }
        // The blob comes first and then the note of it. Asked the other way round, one packed meanwhile would be missed.
        let isNoted = try ImageError.store { () throws(StoreError) in try store.encodings.isNoted(layer) }
        guard isNoted else { return .unfinished }
        guard let blob = try sound(layer) else { return .incomparable("no sound blob holds its layer \(layer)") }
        let fresh = try ImageError.store { () throws(StoreError) in try store.snapshots.newSnapshot() }
        let difference: TreePath?
        do throws(LayerError) {
            let below = try treeBelow(Array(layers.dropLast()))
            let unpacker = LayerUnpacker(over: below.isWithoutLayers ? .nothing : .layers { below })
            _ = try unpacker.unpack(blob, into: fresh.upper)
            var comparison = try SnapshotComparison(fresh.upper, folder, over: below)
            difference = try comparison.firstDifference()
        } catch {
            if case .system(let error) = error, error.errno != .noSuchFileOrDirectory { throw .system(error) }
            return .incomparable("its layer cannot be unpacked and compared: \(error)")
        }
        return difference.map { .differs("\($0) is not what its layer holds") }
    }

    private func sound(_ layer: DiffID) throws(ImageError) -> File? {
        try ImageError.store { () throws(StoreError) -> File? in
            for encoding in try store.encodings.encodings(of: layer) where !damaged.contains(encoding.digest) {
                return try store.blobs.open(encoding.digest)
            }
            return nil
        }
    }

    /// The layers below. One that is not there is unpacked, as the next step over it would do.
    private func treeBelow(_ layers: [DiffID]) throws(LayerError) -> MergedTree {
        let folders: [FilePath]
        do throws(ImageError) {
            folders = try SnapshotProvider(store: store, threads: 1).folders(for: layers)
        } catch {
            throw .system(SyscallError("open", "a layer below", .noSuchFileOrDirectory))
        }
        return try MergedTree(layers: folders)
    }
}
