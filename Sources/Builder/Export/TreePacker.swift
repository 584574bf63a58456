import Layers
import Linux
import OCI

/// Writes a whole tree as a tar, sorted, with links between the names of one file.
struct TreePacker {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let tree: MergedTree
    let normaliser: EntryNormaliser
    /// The latest time of any entry; `nil` if there is none.
    private(set) var newest: Int64?
    private var names: [Identity: TreePath] = [:]

    init(_ tree: MergedTree, normaliser: EntryNormaliser = EntryNormaliser()) {
        self.tree = tree
        self.normaliser = normaliser
    }

    /// Writes everything below the root; the root itself has no entry.
    mutating func pack(into writer: inout LayerWriter) throws(LayerError) {
        // A stack of our own: trees may be deeper than the thread's.
        var pending = Array(try tree.entries(of: .root).reversed())
        while let entry = pending.popLast() {
            try write(entry, into: &writer)
            if entry.status.kind == .folder { pending += try tree.entries(of: entry).reversed() }
        }
    }

    mutating func write(_ found: MergedTree.Found, into writer: inout LayerWriter) throws(LayerError) {
        let status = found.status
        let target = status.kind == .symbolicLink ? try tree.linkTarget(of: found) : []
        guard
            var entry = normaliser.entry(
                found.path, status, attributes: try tree.attributes(of: found), target: target)
        else { return }
        newest = max(newest ?? entry.modified, entry.modified)
        if status.linkCount > 1, status.kind != .folder {
            let identity = Identity(device: status.device, inode: status.inode)
            if let first = names[identity] {
                entry.kind = .hardLink(target: first)
                entry.attributes = []
                return try writer.write(entry)
            }
            names[identity] = found.path
        }
        guard status.kind == .regular, status.size > 0 else { return try writer.write(entry) }
        try writer.write(entry, contents: try tree.open(found))
    }
}
