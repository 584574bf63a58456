import Layers
import Linux
import OCI

/// The file system of a stage or image as a source of COPY. Owners are kept.
struct MergedSourceTree: SourceTree {
    let tree: MergedTree

    func entry(at path: TreePath) throws(BuildError) -> SourceEntry? {
        if let found = try fromLayers({ () throws(LayerError) in try tree.lookup(path) }) { return SourceEntry(found) }
        // Only `scratch` has no root on the disk.
        guard path.isRoot else { return nil }
        return SourceEntry(path: .root, status: .emptyRoot, owner: 0, group: 0, isIncluded: true)
    }

    func children(of folder: SourceEntry) throws(BuildError) -> [SourceEntry] {
        try fromLayers { () throws(LayerError) in try tree.entries(of: folder.path) }.map(SourceEntry.init)
    }

    func linkTarget(of entry: SourceEntry) throws(BuildError) -> [UInt8] {
        let found = try found(entry)
        return try fromLayers { () throws(LayerError) in try tree.linkTarget(of: found) }
    }

    func attributes(of entry: SourceEntry) throws(BuildError) -> [ExtendedAttribute] {
        guard entry.status != .emptyRoot else { return [] }
        let found = try found(entry)
        return try fromLayers { () throws(LayerError) in try tree.attributes(of: found) }
    }

    func open(_ entry: SourceEntry) throws(BuildError) -> File {
        let found = try found(entry)
        return try fromLayers { () throws(LayerError) in try tree.open(found) }
    }

    /// Layers do not keep the digests of single files.
    func knownDigest(of entry: SourceEntry) -> Digest? { nil }
    func note(_ digest: Digest, of entry: SourceEntry) {}

    private func found(_ entry: SourceEntry) throws(BuildError) -> MergedTree.Found {
        guard let found = try fromLayers({ () throws(LayerError) in try tree.lookup(entry.path) }) else {
            throw BuildError(.store, "lost-file", "`\(entry.path)` is gone from the snapshot that it was listed in")
        }
        return found
    }
}

extension SourceEntry {
    init(_ found: MergedTree.Found) {
        self.init(
            path: found.path, status: found.status, owner: found.status.owner, group: found.status.group,
            isIncluded: true)
    }
}
