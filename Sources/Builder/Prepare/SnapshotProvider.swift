import Layers
import Linux
package import OCI
package import Store
package import SystemPackage

/// Unpacks layers when something is about to read them, and only those that are not unpacked yet.
package struct SnapshotProvider: Sendable {
    private let store: Store
    private let threads: Int

    package init(store: Store, threads: Int) {
        self.store = store
        self.threads = threads
    }

    /// The folders of a list of layers, the lowest first, each as overlayfs wants it.
    package func folders(for layers: [DiffID]) throws(ImageError) -> [FilePath] {
        var missing: [Missing] = []
        var folders: [FilePath] = []
        var below: ChainID?
        for layer in layers {
            let chain = ChainID(layer, over: below)
            if let folder = try ImageError.store({ () throws(StoreError) in try store.snapshots.snapshot(chain) }) {
                folders.append(folder)
            } else {
                missing.append(Missing(layer: layer, chain: chain, isLowest: below == nil, place: folders.count))
                folders.append("")
            }
            below = chain
        }
        for (layer, folder) in zip(missing, try unpackAll(missing)) { folders[layer.place] = folder }
        return folders
    }

    /// A layer that has to be unpacked.
    private struct Missing: Sendable {
        let layer: DiffID
        let chain: ChainID
        let isLowest: Bool
        let place: Int
    }

    /// Unpacks several layers side by side: none needs another's files.
    private func unpackAll(_ missing: [Missing]) throws(ImageError) -> [FilePath] {
        try missing.map { layer throws(ImageError) in try unpack(layer) }
    }

    /// Unpacks one layer, unless another build does so at the same moment: then its result is taken.
    private func unpack(_ missing: Missing) throws(ImageError) -> FilePath {
        let lock = try ImageError.store { () throws(StoreError) in try store.cache.lock(missing.chain.digest) }
        let folder = try ImageError.store { () throws(StoreError) in try store.snapshots.snapshot(missing.chain) }
        let unpacked = if let folder { folder } else { try unpackLocked(missing) }
        lock.release()
        return unpacked
    }

    private func unpackLocked(_ missing: Missing) throws(ImageError) -> FilePath {
        let encodings = try ImageError.store { () throws(StoreError) in try store.encodings.encodings(of: missing.layer)
        }
        guard let encoding = encodings.first else { throw .store(.missing(missing.layer.digest)) }
        let snapshot = try ImageError.store { () throws(StoreError) in try store.snapshots.newSnapshot() }
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.open(encoding.digest) }
        let upper = snapshot.upper
        let summary: ArchiveSummary
        do throws(LayerError) {
            summary = try LayerUnpacker.unpack(blob, into: upper, deletions: missing.isLowest ? .dropped : .marked)
        } catch {
            throw .layer(error)
        }
        guard summary.digest == encoding.digest, summary.diffID == missing.layer else {
            throw .store(.damaged(store.blobs.path(of: encoding.digest), why: "its bytes are not those of its name"))
        }
        do { return try snapshot.commit(as: missing.chain) } catch { throw .store(error) }
    }
}
