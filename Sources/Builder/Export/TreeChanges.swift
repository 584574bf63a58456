import Layers
import Linux
import OCI

/// Writes what leads from one tree to another, as one layer over the first.
///
/// The upper tree is made of the lower one's folders and of further ones: what is the same file on the disk is the same
/// in both, and so is everything in the same folder.
struct TreeChanges {
    /// Whether a folder is written that differs in nothing but its time.
    enum FolderTimes: Hashable, Sendable {
        /// It is not: every file that was made and removed again would leave one.
        case ignored
        /// It is, so that the layer shows just what the upper tree does.
        case compared
    }

    /// Something of the upper tree, and what the lower one has in its place.
    private struct Visit {
        let entry: MergedTree.Found
        let below: MergedTree.Found?

        var isSame: Bool {
            below.map { ($0.status.device, $0.status.inode) == (entry.status.device, entry.status.inode) } ?? false
        }
    }

    private let lower: MergedTree
    private let upper: MergedTree
    private let folderTimes: FolderTimes
    private var packer: TreePacker
    /// Folders on the way to what is visited; each is written once something in it is.
    private var waiting: [MergedTree.Found] = []
    private var pending: [Visit] = []

    init(from lower: MergedTree, to upper: MergedTree, folderTimes: FolderTimes = .ignored) {
        self.lower = lower
        self.upper = upper
        self.folderTimes = folderTimes
        packer = TreePacker(upper)
    }

    mutating func pack(into writer: inout LayerWriter) throws(LayerError) {
        guard let root = try upper.root() else { return }
        try enter(root, try lower.root(), into: &writer)
        while let visit = pending.popLast() {
            if visit.isSame { continue }
            guard visit.entry.status.kind == .folder else {
                try writeWaiting(above: visit.entry.path, into: &writer)
                try packer.write(visit.entry, into: &writer)
                continue
            }
            waiting.removeAll { !visit.entry.path.isInside($0.path) }
            waiting.append(visit.entry)
            let below = visit.below.flatMap { $0.status.kind == .folder ? $0 : nil }
            let isChanged = if below == nil { true } else { try looksDifferent(visit) }
            if isChanged { try writeWaiting(above: nil, into: &writer) }
            try enter(visit.entry, below, into: &writer)
        }
    }

    /// Writes the whiteouts of a folder, and turns to what is in it. `below` is the lower tree's folder there.
    private mutating func enter(
        _ folder: MergedTree.Found, _ below: MergedTree.Found?, into writer: inout LayerWriter
    ) throws(LayerError) {
        var visits: [Visit] = []
        for name in try upper.names(in: folder, over: lower, where: below) {
            let under = try below.flatMap { below throws(LayerError) in try lower.child(name, of: below) }
            if let entry = try upper.child(name, of: folder) {
                visits.append(Visit(entry: entry, below: under))
            } else if let under {
                try writeWaiting(above: under.path, into: &writer)
                try writer.write(whiteout: under.path)
            }
        }
        pending += visits.reversed()
    }

    /// Writes the folders that lead to a path, or all that wait.
    private mutating func writeWaiting(above path: TreePath?, into writer: inout LayerWriter) throws(LayerError) {
        for folder in waiting where path?.isInside(folder.path) ?? true { try packer.write(folder, into: &writer) }
        waiting.removeAll()
    }

    private func looksDifferent(_ visit: Visit) throws(LayerError) -> Bool {
        guard let below = visit.below else { return true }
        let (left, right) = (visit.entry.status, below.status)
        guard (left.mode, left.owner, left.group) == (right.mode, right.owner, right.group) else { return true }
        if folderTimes == .compared, left.modified != right.modified { return true }
        let above = packer.normaliser.attributes(try upper.attributes(of: visit.entry))
        return above != packer.normaliser.attributes(try lower.attributes(of: below))
    }
}
