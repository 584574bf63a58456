import Layers
package import Linux
package import OCI
package import Store
package import SystemPackage

/// Unpacks layers when something is about to read them, and only those that are not unpacked yet.
package struct SnapshotProvider: Sendable {
    private struct Wanted: Sendable {
        let layer: DiffID
        let chain: ChainID
        /// The chain of the layers below; `nil` if there are none.
        let chainBelow: ChainID?
        /// The layers that it lies over, the lowest first.
        let below: ArraySlice<DiffID>

        init(_ layer: DiffID, over below: ArraySlice<DiffID>, _ chain: ChainID?) {
            self.layer = layer
            self.chain = ChainID(layer, over: chain)
            chainBelow = chain
            self.below = below
        }
    }

    private let store: Store
    private let threads: Int
    private let limits: ArchiveLimits
    private let interruption: Interruption?
    /// What was asked for; `nil` if nothing is asked for twice.
    private let known: UnpackedStacks?

    /// How often the same layers are asked for.
    package enum Demand: Hashable, Sendable {
        case once
        /// As by the steps of a build.
        case repeatedly
    }

    package init(
        store: Store, threads: Int, interruption: Interruption? = nil, demand: Demand = .repeatedly
    ) {
        self.store = store
        self.threads = threads
        self.interruption = interruption
        limits = ArchiveLimits()
        known = demand == .repeatedly ? UnpackedStacks() : nil
    }

    /// The folders of a list of layers, the lowest first, each as overlayfs wants it.
    ///
    /// What is missing is unpacked from whatever blob encodes it, several layers at once. Threads and processes that
    /// want the same layer wait for the one that came first.
    package func folders(for layers: [DiffID]) throws(ImageError) -> [FilePath] { try stack(of: layers).folders }

    /// The file system that layers make, as a tree that can be looked into without a mount.
    func tree(of layers: [DiffID]) throws(ImageError) -> MergedTree {
        try tree(of: layers, at: try folders(for: layers))
    }

    private func tree(of layers: [DiffID], at folders: [FilePath]) throws(ImageError) -> MergedTree {
        try ImageError.layer { () throws(LayerError) in
            if let known { try known.tree(of: layers, at: folders) } else { try MergedTree(layers: folders) }
        }
    }

    /// The name of the file system that layers make; `nil` if there are none.
    func chain(of layers: [DiffID]) -> ChainID? { known?.stack(of: layers)?.chain ?? layers.chain }

    private func stack(of layers: [DiffID]) throws(ImageError) -> UnpackedStacks.Stack {
        if let stack = known?.stack(of: layers) { return stack }
        let stack: UnpackedStacks.Stack
        // A step's layers are those of the step before it and one more.
        if let last = layers.last, let below = known?.stack(of: layers.dropLast()) {
            let wanted = Wanted(last, over: layers.dropLast(), below.chain)
            stack = below.adding(try folder(wanted), as: wanted.chain)
        } else {
            let wanted = wanted(layers)
            stack = UnpackedStacks.Stack(chain: wanted.last?.chain, folders: try folders(of: wanted))
        }
        known?.note(stack, for: layers)
        return stack
    }

    /// Threads are for unpacking: to see that all is there takes less time than to start one.
    private func folders(of wanted: [Wanted]) throws(ImageError) -> [FilePath] {
        var folders: [FilePath] = []
        for layer in wanted {
            guard let path = try present(layer.chain) else { break }
            folders.append(path)
        }
        let missing = Array(wanted.dropFirst(folders.count))
        guard !missing.isEmpty else { return folders }
        return folders + (try missing.mapOnThreads(threads) { wanted throws(ImageError) in try folder(wanted) })
    }

    private func wanted(_ layers: [DiffID]) -> [Wanted] {
        var chain: ChainID?
        return layers.indices.map { index in
            let wanted = Wanted(layers[index], over: layers[..<index], chain)
            chain = wanted.chain
            return wanted
        }
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
        let summary = try unpack(blob, of: wanted, into: snapshot.upper)
        guard summary.digest == source.digest, summary.diffID == wanted.layer else {
            throw .store(.damaged(store.blobs.path(of: source.digest), why: "its contents have changed"))
        }
        do {
            return try snapshot.commit(wanted.layer, over: Array(wanted.below), chain: wanted.chainBelow)
        } catch {
            throw .store(error)
        }
    }

    /// Layers below are asked for only if a layer does not say all it needs, and then waited for: whoever unpacks one
    /// of them never waits for one above.
    private func unpack(
        _ blob: consuming File, of wanted: Wanted, into folder: FilePath
    ) throws(ImageError) -> ArchiveSummary {
        var failure: ImageError?
        let below: LayerUnpacker.Below =
            wanted.below.isEmpty
            ? .nothing
            : .layers { () throws(LayerError) in
                do throws(ImageError) {
                    let layers = Array(wanted.below)
                    if let stack = known?.stack(of: layers) { return try tree(of: layers, at: stack.folders) }
                    var folders: [FilePath] = []
                    for layer in self.wanted(layers) { folders.append(try self.folder(layer)) }
                    return try tree(of: layers, at: folders)
                } catch {
                    failure = error
                    throw .notAnArchive
                }
            }
        do throws(LayerError) {
            let unpacker = LayerUnpacker(over: below, limits: limits, interruption: interruption)
            return try unpacker.unpack(blob, into: folder).summary
        } catch {
            throw failure ?? ImageError.reading(error, "\(wanted.layer)")
        }
    }
}
