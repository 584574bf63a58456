import Linux
import OCI
import SystemPackage

extension Store {
    /// Looks at everything in the store.
    package func inventory() throws(StoreError) -> StoreInventory {
        var reader = InventoryReader(root: root)
        var inventory = try reader.read()
        inventory.holdings = try holdings()
        return inventory
    }

    /// What the store takes on the disk.
    package func usage() throws(StoreError) -> StoreUsage {
        var reader = InventoryReader(root: root)
        return try reader.read().usage
    }
}

/// Walks through the store once, folder by folder.
private struct InventoryReader {
    let root: StoreRoot
    private var disk = DiskUsage()
    private var inventory = StoreInventory()

    init(root: StoreRoot) { self.root = root }

    mutating func read() throws(StoreError) -> StoreInventory {
        for entry in try list(FilePath(), .other) {
            switch entry.path {
            case "blobs": try readBlobs()
            case StoreLayout.encodings: try readEncodings()
            case StoreLayout.snapshots: try readSnapshots()
            case "cache": try readCache()
            case StoreLayout.mounts: try readMounts()
            case StoreLayout.containers:
                for entry in try list(entry.path, .containers) {
                    _ = try measure(StoreLayout.containers, entry, .containers, countsAs: 1)
                }
            case StoreLayout.scratch: _ = try measure(FilePath(), entry, .scratch, countsAs: 0)
            default: _ = try measure(FilePath(), entry, .other, countsAs: 0)
            }
        }
        return inventory
    }

    private mutating func readBlobs() throws(StoreError) {
        for entry in try list("blobs", .blobs) where entry.path != "sha256" {
            _ = try measure("blobs", entry, .blobs, countsAs: 0)
        }
        for entry in try list(StoreLayout.blobs, .blobs) {
            let item = try item(.blob, StoreLayout.blobs, entry, .blobs)
            if let digest = Digest(hex: entry.text) {
                inventory.blobs.append(StoreInventory.Blob(digest: digest, item: item))
            }
        }
    }

    private mutating func readEncodings() throws(StoreError) {
        for entry in try list(StoreLayout.encodings, .blobs) {
            let item = try item(.encodings, StoreLayout.encodings, entry, .blobs, countsAs: 0)
            guard let layer = entry.digest(before: ".json").map(DiffID.init) else { continue }
            let object = try root.read(item.path).flatMap(SealedJSON.open)
            let blobs = (object?["encodings"]?.array ?? []).compactMap(EncodedLayer.init(json:)).map(\.digest)
            inventory.encodings.append(StoreInventory.Encodings(layer: layer, blobs: blobs, item: item))
        }
    }

    private mutating func readSnapshots() throws(StoreError) {
        for entry in try list(StoreLayout.snapshots, .snapshots) {
            let note = StoreLayout.snapshots.appending(entry.path.components).appending("layers.json")
            let item = try item(.snapshot, StoreLayout.snapshots, entry, .snapshots, usedAt: note)
            let layers = try root.read(note).flatMap(SnapshotLayers.init(parsing:))
            inventory.snapshots.append(StoreInventory.Snapshot(layer: layers?.layers.last, item: item))
        }
    }

    private mutating func readCache() throws(StoreError) {
        for entry in try list("cache", .cache) where entry.path != "1" {
            inventory.oldCaches.append(try item(.oldCache, "cache", entry, .cache, countsAs: 0))
        }
        for entry in try list("cache/1", .cache) where !["keys", "parts", "slots"].contains(entry.text) {
            _ = try measure("cache/1", entry, .cache, countsAs: 0)
        }
        for entry in try list(StoreLayout.keys, .cache) {
            let item = try item(.record, StoreLayout.keys, entry, .cache)
            let record = try root.read(item.path).flatMap(SealedJSON.open).flatMap(CacheRecord.init(json:))
            guard let key = entry.digest(before: ".json"), let record else {
                inventory.staleRecords.append(item)
                continue
            }
            inventory.records.append(StoreInventory.Record(key: key, layer: record.layer, item: item))
        }
        for entry in try list(StoreLayout.parts, .cache) {
            let item = try item(.parts, StoreLayout.parts, entry, .cache, countsAs: 0)
            inventory.parts.append(StoreInventory.Annex(key: Digest(hex: entry.text), item: item))
        }
        for entry in try list(StoreLayout.slots, .cache) {
            let item = try item(.slot, StoreLayout.slots, entry, .cache, countsAs: 0)
            let key = try root.read(item.path).flatMap { Digest(hex: String(decoding: $0, as: UTF8.self)) }
            inventory.slots.append(StoreInventory.Annex(key: key, item: item))
        }
    }

    private mutating func readMounts() throws(StoreError) {
        for id in try list(StoreLayout.mounts, .mounts) {
            let folder = StoreLayout.mounts.appending(id.path.components)
            for entry in try list(folder, .mounts) {
                inventory.mounts.append(try item(.mount, folder, entry, .mounts))
            }
        }
    }

    // MARK: One entry

    private mutating func item(
        _ kind: StoreInventory.Kind, _ folder: FilePath, _ entry: FolderEntry, _ usage: StoreUsage.Kind,
        countsAs count: Int = 1, usedAt note: FilePath? = nil
    ) throws(StoreError) -> StoreInventory.Item {
        let path = folder.appending(entry.path.components)
        let size = try measure(folder, entry, usage, countsAs: count)
        let status = try attempt("measuring `\(root.host(path))`") { () throws(SyscallError) -> FileStatus? in
            if let note, let status = try root.folder.status(of: note) { return status }
            return try root.folder.status(of: path)
        }
        return StoreInventory.Item(kind: kind, path: path, size: size, used: status?.modified.seconds ?? 0)
    }

    private mutating func measure(
        _ folder: FilePath, _ entry: FolderEntry, _ kind: StoreUsage.Kind, countsAs count: Int
    ) throws(StoreError) -> Int64 {
        let size = try disk.size(of: folder.appending(entry.path.components), in: root)
        inventory.usage[kind].size += size
        inventory.usage[kind].count += count
        return size
    }

    /// What a folder holds; nothing if it is not there. What it takes itself is counted.
    private mutating func list(_ folder: FilePath, _ kind: StoreUsage.Kind) throws(StoreError) -> [FolderEntry] {
        inventory.usage[kind].size += try disk.size(ofFolder: folder, in: root)
        return try attempt("reading `\(root.host(folder))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try folder.isEmpty ? root.folder.entries() : root.folder.openFolder(folder).entries()
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
                return []
            }
        }
    }
}

extension FolderEntry {
    /// For names that are made of plain letters and digits if they are ours.
    fileprivate var text: String { String(decoding: name, as: UTF8.self) }

    /// The digest that the name is made of, before an ending.
    fileprivate func digest(before ending: String) -> Digest? {
        text.hasSuffix(ending) ? Digest(hex: text.dropLast(ending.count)) : nil
    }
}
