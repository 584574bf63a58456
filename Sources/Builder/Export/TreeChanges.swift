import Layers
import Linux
import OCI

/// Writes what leads from one tree to another, as one layer over the first.
///
/// The upper tree is made of the lower one's folders and of further ones: what is the same file on the disk is the same
/// in both, and so is everything in the same folder. A folder's time alone is no change.
struct TreeChanges {
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
    private var packer: TreePacker
    /// Folders on the way to what is visited; each is written once something in it is.
    private var waiting: [MergedTree.Found] = []
    private var pending: [Visit] = []

    init(from lower: MergedTree, to upper: MergedTree) {
        self.lower = lower
        self.upper = upper
        packer = TreePacker(upper)
    }

    mutating func pack(into writer: inout LayerWriter) throws(LayerError) {
        try enter(try upper.entries(of: .root), try lower.entries(of: .root), into: &writer)
        while let visit = pending.popLast() {
            if visit.isSame { continue }
            guard visit.entry.status.kind == .folder else {
                try writeWaiting(above: visit.entry.path, into: &writer)
                try packer.write(visit.entry, into: &writer)
                continue
            }
            waiting.removeAll { !visit.entry.path.isInside($0.path) }
            waiting.append(visit.entry)
            let below = try entries(below: visit)
            let isChanged = if below == nil { true } else { try looksDifferent(visit) }
            if isChanged { try writeWaiting(above: nil, into: &writer) }
            try enter(try upper.entries(of: visit.entry), below ?? [], into: &writer)
        }
    }

    /// What the lower tree's folder holds; `nil` if it has no folder there.
    private func entries(below visit: Visit) throws(LayerError) -> [MergedTree.Found]? {
        guard let below = visit.below, below.status.kind == .folder else { return nil }
        return try lower.entries(of: below)
    }

    /// Writes the whiteouts of a folder, and turns to what is in it.
    private mutating func enter(
        _ entries: [MergedTree.Found], _ below: [MergedTree.Found], into writer: inout LayerWriter
    ) throws(LayerError) {
        let there = Set(entries.map(\.path))
        for gone in below where !there.contains(gone.path) {
            try writeWaiting(above: gone.path, into: &writer)
            try writer.write(whiteout: gone.path)
        }
        let known = Dictionary(below.map { ($0.path, $0) }) { first, _ in first }
        pending += entries.reversed().map { Visit(entry: $0, below: known[$0.path]) }
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
        let above = packer.normaliser.attributes(try upper.attributes(of: visit.entry))
        return above != packer.normaliser.attributes(try lower.attributes(of: below))
    }
}
