import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// Compares what a layer unpacks to with a folder that should show the same over the layers below: names, kinds, modes,
/// owners, times, attributes, and every byte.
///
/// A folder that a command made anew hides all that was in it before with one mark, where its layer hides name by name.
struct FolderComparison: ~Copyable {
    private struct Link: Hashable {
        let inode: UInt64
        let other: UInt64
    }

    /// A folder that both have.
    private struct Common {
        let path: TreePath
        /// A folder above hides what the layers below hold, as far as the other side goes.
        let isCovered: Bool
    }

    private let one: Folder
    private let other: Folder
    /// Which file of one is which of the other, where they have several names.
    private var links: Set<Link> = []
    private var inodes: Set<UInt64> = []

    init(unpacked: consuming Folder, _ other: consuming Folder) {
        one = unpacked
        self.other = other
    }

    /// The first path at which they differ; `nil` if there is none.
    mutating func firstDifference() throws(SyscallError) -> TreePath? {
        // The root is no entry of a layer that says nothing of it: then its times are nobody's.
        let (top, against) = (try one.status(), try other.status())
        guard top.mode == against.mode, top.owner == against.owner, top.group == against.group else { return .root }
        var ahead = [Common(path: .root, isCovered: false)]
        while let folder = ahead.popLast() {
            let path = folder.path
            let name = path.isRoot ? "." : FilePath(bytes: path.bytes)
            let left = try one.openDeep(name)
            let right = try other.openDeep(name)
            let isCovered = folder.isCovered ? true : try Self.isOpaque(right)
            if !isCovered, try Self.isOpaque(left) { return path }
            let others = try right.entries().map(\.name)
            let names = isCovered ? try Self.names(in: left, but: others) : try left.entries().map(\.name)
            guard names == others else {
                let odd = Set(names).symmetricDifference(others).min { $0.lexicographicallyPrecedes($1) }
                return odd.map { path.appending($0) }
            }
            for name in names {
                let entry = FilePath(bytes: name)
                guard let status = try left.status(of: entry), let against = try right.status(of: entry),
                    try isSame(entry, status, against, left, right)
                else { return path.appending(name) }
                if status.kind == .folder { ahead.append(Common(path: path.appending(name), isCovered: isCovered)) }
            }
        }
        return nil
    }

    private mutating func isSame(
        _ name: FilePath, _ status: FileStatus, _ against: FileStatus, _ left: borrowing Folder,
        _ right: borrowing Folder
    ) throws(SyscallError) -> Bool {
        guard Self.isSame(status, against),
            try Self.attributes(of: name, in: left) == Self.attributes(of: name, in: right)
        else { return false }
        switch status.kind {
        case .symbolicLink: return try left.linkTarget(of: name) == right.linkTarget(of: name)
        case .regular: return try isSameFile(name, status, against, left, right)
        case .folder, .characterDevice, .blockDevice, .fifo, .socket: return true
        }
    }

    private mutating func isSameFile(
        _ name: FilePath, _ status: FileStatus, _ against: FileStatus, _ left: borrowing Folder,
        _ right: borrowing Folder
    ) throws(SyscallError) -> Bool {
        if status.linkCount > 1 || against.linkCount > 1 {
            let link = Link(inode: status.inode, other: against.inode)
            let isNew = inodes.insert(status.inode).inserted
            // A further name must lead to the same file on both sides.
            guard isNew else { return links.contains(link) }
            links.insert(link)
        }
        let flags = O_RDONLY | O_NONBLOCK
        return try File(try left.open(name, flags)).holdsSame(as: File(try right.open(name, flags)))
    }

    /// But for those in which overlayfs notes where a file came from: they say nothing of what it is.
    private static func attributes(
        of name: FilePath, in folder: borrowing Folder
    ) throws(SyscallError) -> [ExtendedAttribute] {
        try folder.attributes(of: name).filter { attribute in
            !Whiteout.attributePrefixes.contains { attribute.name.starts(with: $0) }
        }
    }

    private static func isSame(_ one: FileStatus, _ other: FileStatus) -> Bool {
        one.kind == other.kind && one.mode == other.mode && one.owner == other.owner && one.group == other.group
            && (one.kind == .folder || one.size == other.size) && one.deviceNumber == other.deviceNumber
            && (isWhiteout(one) || one.modified == other.modified)
    }

    /// True if nothing of this folder in the layers below shows through.
    private static func isOpaque(_ folder: borrowing Folder) throws(SyscallError) -> Bool {
        for name in Whiteout.opaqueAttributes where try folder.attribute(name) == [UInt8(ascii: "y")] { return true }
        return false
    }

    /// All but whiteouts that the other side need not have.
    private static func names(
        in folder: borrowing Folder, but others: [[UInt8]]
    ) throws(SyscallError) -> [[UInt8]] {
        let others = Set(others)
        var names: [[UInt8]] = []
        for entry in try folder.entries() {
            let isWhiteout = try folder.status(of: entry.path).map(isWhiteout) ?? false
            if others.contains(entry.name) || !isWhiteout { names.append(entry.name) }
        }
        return names
    }

    /// A whiteout is a mark: no layer says when it was made.
    private static func isWhiteout(_ status: FileStatus) -> Bool {
        status.kind == .characterDevice && status.deviceNumber == DeviceNumber(major: 0, minor: 0)
    }
}
