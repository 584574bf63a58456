import Layers
import Linux
package import OCI
package import Store
package import SystemPackage

/// Unpacks layers when something is about to read them, and only those that are not unpacked yet.
package struct SnapshotProvider: Sendable {
    private struct Wanted: Sendable {
        let layer: DiffID
        let chain: ChainID
        /// Where there is nothing below, there is nothing to delete.
        let isLowest: Bool
    }

    private let store: Store
    private let threads: Int
    private let limits: ArchiveLimits

    package init(store: Store, threads: Int) {
        self.store = store
        self.threads = threads
        limits = ArchiveLimits()
    }

    /// The folders of a list of layers, the lowest first, each as overlayfs wants it.
    ///
    /// What is missing is unpacked from whatever blob encodes it, several layers at once. Threads and processes that
    /// want the same layer wait for the one that came first.
    package func folders(for layers: [DiffID]) throws(ImageError) -> [FilePath] {
        var chain: ChainID?
        var wanted: [Wanted] = []
        for layer in layers {
            let next = ChainID(layer, over: chain)
            wanted.append(Wanted(layer: layer, chain: next, isLowest: chain == nil))
            chain = next
        }
        return try wanted.mapOnThreads(threads) { wanted throws(ImageError) in try folder(wanted) }
    }

    private func folder(_ wanted: Wanted) throws(ImageError) -> FilePath {
        if let path = try present(wanted.chain) { return path }
        let lock = try ImageError.store { () throws(StoreError) in
            try store.cache.lock(Digest.of(Array("snapshot \(wanted.chain)".utf8)))
        }
        // Whoever had the lock before us may have made it.
        let made = try present(wanted.chain)
        let path = if let made { made } else { try unpack(wanted) }
        lock.release()
        return path
    }

    private func present(_ chain: ChainID) throws(ImageError) -> FilePath? {
        try ImageError.store { () throws(StoreError) in try store.snapshots.snapshot(chain) }
    }

    private func unpack(_ wanted: Wanted) throws(ImageError) -> FilePath {
        let encodings = try ImageError.store { () throws(StoreError) in
            try store.encodings.encodings(of: wanted.layer)
        }
        // The less there is to decompress, the sooner it is there.
        guard let source = encodings.first(where: { $0.mediaType == .layer }) ?? encodings.first else {
            throw .store(.missing(wanted.layer.digest))
        }
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.open(source.digest) }
        let snapshot = try ImageError.store { () throws(StoreError) in try store.snapshots.newSnapshot() }
        let summary: ArchiveSummary
        do throws(LayerError) {
            summary = try LayerUnpacker.unpack(
                blob, into: snapshot.upper, deletions: wanted.isLowest ? .dropped : .marked, limits: limits)
        } catch {
            throw ImageError.reading(error, "\(wanted.layer)")
        }
        guard summary.digest == source.digest, summary.diffID == wanted.layer else {
            throw .store(.damaged(store.blobs.path(of: source.digest), why: "its contents have changed"))
        }
        do { return try snapshot.commit(as: wanted.chain) } catch { throw .store(error) }
    }
}
