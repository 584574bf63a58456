import Layers
import OCI
import Store
import SystemPackage

/// Makes one layer of several: `--squash`.
///
/// What it makes is found again as a step's layer is, so an unchanged build does it once.
struct LayerSquash {
    let packer: LayerPacker
    let snapshots: SnapshotProvider

    /// The layer that stands for all of `layers` but the lowest `kept`; `nil` if they leave nothing.
    func squash(_ layers: [DiffID], keeping kept: Int, at time: Int64) throws(BuildError) -> DiffID? {
        let key = CacheKey(kind: "squash/1") { list in
            for (index, layer) in layers.enumerated() {
                list.add("\(index < kept ? "base" : "layer") \(index)", layer.digest)
            }
        }
        let cache = packer.store.cache
        if let record = try fromStore({ () throws(StoreError) in try cache.lookup(key.digest) }),
            try record.layer.map(isPresent) ?? true
        {
            return record.layer
        }
        let made = try make(layers, keeping: kept)
        let record = CacheRecord(
            layer: made?.diffID, tree: made?.contents ?? Digest.of([]), created: time,
            uncompressedSize: made?.uncompressedSize ?? 0, entryCount: Int64(made?.entryCount ?? 0))
        try fromStore { () throws(StoreError) in try cache.insert(record, for: key, at: nil) }
        return made?.diffID
    }

    private func make(_ layers: [DiffID], keeping kept: Int) throws(BuildError) -> WrittenLayer? {
        let folders: [FilePath]
        do { folders = try snapshots.folders(for: layers) } catch { throw BuildError(error) }
        return try packer.pack { writer throws(BuildError) in
            try fromLayers { () throws(LayerError) in
                var changes = TreeChanges(
                    from: try MergedTree(layers: Array(folders.prefix(kept))), to: try MergedTree(layers: folders))
                try changes.pack(into: &writer)
            }
        }
    }

    private func isPresent(_ layer: DiffID) throws(BuildError) -> Bool {
        for encoding in try fromStore({ () throws(StoreError) in try packer.store.encodings.encodings(of: layer) })
        where try fromStore({ () throws(StoreError) in try packer.store.blobs.size(of: encoding.digest) })
            == encoding.size
        {
            return true
        }
        return false
    }
}
