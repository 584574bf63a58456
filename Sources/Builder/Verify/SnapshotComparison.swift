import Layers
import Linux
import OCI
import SystemPackage

/// Compares what two folders show over the same layers: names, kinds, modes, owners, times, attributes, and every byte.
///
/// What they hold may differ all the same. A folder that a command made anew hides with one mark all that was in it, where
/// a layer hides name by name; and what it holds just as it was before, a layer leaves out.
struct SnapshotComparison {
    private struct Link: Hashable {
        let inode: UInt64
        let other: UInt64
    }

    /// A folder of both trees, and what the layers below both have in its place.
    private struct Common {
        let one: MergedTree.Found
        let other: MergedTree.Found
        let below: MergedTree.Found?
    }

    private let one: MergedTree
    private let other: MergedTree
    private let below: MergedTree
    /// Which file of one is which of the other, where they have several names.
    private var links: Set<Link> = []
    private var inodes: Set<UInt64> = []

    init(_ one: FilePath, _ other: FilePath, over below: MergedTree) throws(LayerError) {
        self.one = try MergedTree(one, over: below)
        self.other = try MergedTree(other, over: below)
        self.below = below
    }

    /// The first path at which they differ; `nil` if there is none.
    mutating func firstDifference() throws(LayerError) -> TreePath? {
        guard let top = try one.root(), let against = try other.root() else { return nil }
        // The root is no entry of a layer that says nothing of it: then its times are nobody's.
        guard top.status.mode == against.status.mode, top.status.owner == against.status.owner,
            top.status.group == against.status.group
        else { return .root }
        var ahead = [Common(one: top, other: against, below: try below.root())]
        while let folder = ahead.popLast() {
            for name in try names(in: folder) {
                let left = try one.child(name, of: folder.one)
                let right = try other.child(name, of: folder.other)
                if left == nil, right == nil { continue }
                guard let left, let right, try isSame(left, right) else { return folder.one.path.appending(name) }
                guard left.status.kind == .folder else { continue }
                let under = try folder.below.flatMap { folder throws(LayerError) in try below.child(name, of: folder) }
                ahead.append(
                    Common(one: left, other: right, below: under?.status.kind == .folder ? under : nil))
            }
        }
        return nil
    }

    /// The names that may lead elsewhere than the layers below do, in one of them at least.
    private func names(in folder: Common) throws(LayerError) -> [[UInt8]] {
        let names = Set(try one.names(in: folder.one, over: below, where: folder.below))
            .union(try other.names(in: folder.other, over: below, where: folder.below))
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private mutating func isSame(_ left: MergedTree.Found, _ right: MergedTree.Found) throws(LayerError) -> Bool {
        let (status, against) = (left.status, right.status)
        guard Self.isSame(status, against), try one.attributes(of: left) == other.attributes(of: right) else {
            return false
        }
        switch status.kind {
        case .symbolicLink: return try one.linkTarget(of: left) == other.linkTarget(of: right)
        case .regular: return try isSameFile(left, right)
        case .folder, .characterDevice, .blockDevice, .fifo, .socket: return true
        }
    }

    private mutating func isSameFile(
        _ left: MergedTree.Found, _ right: MergedTree.Found
    ) throws(LayerError) -> Bool {
        let (status, against) = (left.status, right.status)
        if status.linkCount > 1 || against.linkCount > 1 {
            let link = Link(inode: status.inode, other: against.inode)
            let isNew = inodes.insert(status.inode).inserted
            // A further name must lead to the same file on both sides.
            guard isNew else { return links.contains(link) }
            links.insert(link)
        }
        let file = try one.open(left)
        let another = try other.open(right)
        do throws(SyscallError) { return try file.holdsSame(as: another) } catch { throw .system(error) }
    }

    private static func isSame(_ one: FileStatus, _ other: FileStatus) -> Bool {
        one.kind == other.kind && one.mode == other.mode && one.owner == other.owner && one.group == other.group
            && (one.kind == .folder || one.size == other.size) && one.deviceNumber == other.deviceNumber
            && one.modified == other.modified
    }
}
