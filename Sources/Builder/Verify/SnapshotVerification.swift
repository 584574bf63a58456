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
        /// Its layer has never been packed. A build makes the folder first, for the next step, and packs behind.
        case neverPacked(String)

        /// False if it may be nothing but unfinished.
        var isFinding: Bool { if case .neverPacked = self { false } else { true } }
    }

    /// What is wrong with the snapshot of these layers, the lowest first; `nil` if nothing is.
    ///
    /// The layer is unpacked once more, below `tmp`, and both are compared file by file.
    func fault(of layers: [DiffID]) throws(ImageError) -> Verdict? {
        guard let layer = layers.last, let chain = layers.chain,
            let folder = try ImageError.store({ () throws(StoreError) in try store.snapshots.snapshot(chain) })
        else { return nil }
        // The blob comes first and then the note of it. Asked the other way round, one packed meanwhile would be missed.
        let isNoted = try ImageError.store { () throws(StoreError) in try store.encodings.isNoted(layer) }
        guard isNoted, let blob = try sound(layer) else {
            let why = "no sound blob holds its layer \(layer)"
            return isNoted ? .incomparable(why) : .neverPacked(why)
        }
        let fresh = try ImageError.store { () throws(StoreError) in try store.snapshots.newSnapshot() }
        do throws(LayerError) {
            let below: LayerUnpacker.Below =
                layers.count == 1
                ? .nothing
                : .layers { () throws(LayerError) in
                    try MergedTree(layers: try foldersBelow(Array(layers.dropLast())))
                }
            _ = try LayerUnpacker(over: below).unpack(blob, into: fresh.upper)
        } catch {
            if case .system(let error) = error, error.errno != .noSuchFileOrDirectory { throw .system(error) }
            return .incomparable("its layer cannot be unpacked to compare it: \(error)")
        }
        let difference = try ImageError.system { () throws(SyscallError) -> TreePath? in
            var comparison = FolderComparison(unpacked: try Folder(opening: fresh.upper), try Folder(opening: folder))
            return try comparison.firstDifference()
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

    /// The folders of the layers below. One that is not there is unpacked, as the next step over it would do.
    private func foldersBelow(_ layers: [DiffID]) throws(LayerError) -> [FilePath] {
        do throws(ImageError) {
            return try SnapshotProvider(store: store, threads: 1).folders(for: layers)
        } catch {
            throw .system(SyscallError("open", "a layer below", .noSuchFileOrDirectory))
        }
    }
}
