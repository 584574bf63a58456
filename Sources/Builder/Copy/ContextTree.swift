import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage

/// A build context as a source of COPY.
///
/// Files are reached through the context's folder without following links, so a name that is swapped for a link after
/// the walk leads nowhere. The folder that a file lies in stays open for the next one, which nearly always lies beside it.
struct ContextTree: SourceTree, Sendable {
    let manifest: ContextManifest
    private let root: OpenFolder
    private let digests: ContentDigests
    private var nearby = NearbyFolder()

    /// The context's folder, opened once.
    private final class OpenFolder: Sendable {
        let folder: Folder

        init(_ path: FilePath) throws(SyscallError) { folder = try Folder(opening: path) }
    }

    /// The folder of the file that was opened last.
    private final class NearbyFolder: Sendable {
        private struct Place: ~Copyable {
            let path: TreePath
            let folder: Folder
        }

        private let place = Mutex<Place?>(nil)

        /// Opens a file below `root`, with no link on the way.
        func open(_ path: TreePath, below root: borrowing Folder) throws(SyscallError) -> File {
            let name = path.lastComponent
            let flags = O_RDONLY | O_NONBLOCK
            guard name.count < path.bytes.count else { return File(try root.open(named: path.bytes, flags)) }
            let parent = path.bytes.dropLast(name.count + 1)
            return try place.withLock { place throws(SyscallError) in
                if place?.path.bytes.elementsEqual(parent) != true {
                    let path = TreePath(unchecked: Array(parent))
                    let handle = try root.openBeneath(FilePath(bytes: parent), O_RDONLY | O_DIRECTORY)
                    place = Place(path: path, folder: Folder(handle))
                }
                guard let handle = try place?.folder.open(named: Array(name), flags) else {
                    throw SyscallError("openat", path.description, .noSuchFileOrDirectory)
                }
                return File(handle)
            }
        }
    }

    /// The same tree for another thread, so that threads do not open each other's folders.
    func apart() -> ContextTree {
        var tree = self
        tree.nearby = NearbyFolder()
        return tree
    }

    init(_ manifest: ContextManifest, _ digests: ContentDigests) throws(BuildError) {
        self.manifest = manifest
        self.digests = digests
        do { root = try OpenFolder(manifest.folder) } catch {
            throw BuildError(error, doing: "reading the context", kind: .input)
        }
    }

    func entry(at path: TreePath) throws(BuildError) -> SourceEntry? {
        try manifest.node(at: path).map { entry($0, at: path) }
    }

    func children(of folder: SourceEntry) throws(BuildError) -> [SourceEntry] {
        guard let listing = folder.listing else { return [] }
        return try manifest.nodes(of: listing).map { entry($0, at: folder.path.appending($0.name)) }
    }

    private func entry(_ node: ContextManifest.Node, at path: TreePath) -> SourceEntry {
        SourceEntry(
            path: path, status: node.status, owner: 0, group: 0, isIncluded: node.isIncluded, node: node.number,
            listing: node.listing)
    }

    var mayHoldHardLinks: Bool { manifest.mayHoldHardLinks }

    func linkTarget(of entry: SourceEntry) throws(BuildError) -> [UInt8] {
        try reading(entry.path) { () throws(SyscallError) in
            try root.folder.linkTarget(of: FilePath(bytes: entry.path.bytes))
        }
    }

    /// The capabilities of programs, and nothing else: whatever more a developer's file system keeps beside a file is
    /// about that machine.
    func attributes(of entry: SourceEntry) throws(BuildError) -> [ExtendedAttribute] {
        guard entry.status.kind == .regular, entry.status.mode & 0o111 != 0 else { return [] }
        let value = try reading(entry.path) { () throws(SyscallError) in
            try root.folder.attribute(Self.capabilities, of: FilePath(bytes: entry.path.bytes))
        }
        return value.map { [ExtendedAttribute(name: Self.capabilities, value: $0)] } ?? []
    }

    private static let capabilities = Array("security.capability".utf8)

    func open(_ entry: SourceEntry) throws(BuildError) -> File {
        let file = try reading(entry.path) { () throws(SyscallError) in
            try nearby.open(entry.path, below: root.folder)
        }
        try requireUnchanged(file, since: entry)
        return file
    }

    func requireUnchanged(_ file: borrowing File, since entry: SourceEntry) throws(BuildError) {
        let status: FileStatus
        do { status = try file.status() } catch { throw .unreadable(entry.path, error) }
        guard status.inode == entry.status.inode, status.device == entry.status.device,
            status.size == entry.status.size, status.modified == entry.status.modified
        else { throw BuildError.changedWhileReading(entry.path) }
    }

    func digest(of entry: SourceEntry) throws(BuildError) -> Digest {
        try digests.digest(of: entry) { () throws(BuildError) in try open(entry) }
    }

    /// The digest, if it is known without reading.
    func knownDigest(of entry: SourceEntry) throws(BuildError) -> Digest? { try digests.known(entry) }

    func note(_ digest: Digest, of entry: SourceEntry) throws(BuildError) { try digests.note(digest, of: entry) }

    func reading<Result: ~Copyable>(
        _ path: TreePath, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch { throw .unreadable(path, error) }
    }
}

extension BuildError {
    /// What was in a context when its folder was listed cannot be read.
    static func unreadable(_ path: TreePath, _ error: SyscallError) -> BuildError {
        guard error.errno != .noSuchFileOrDirectory else { return .changedWhileReading(path) }
        return BuildError(error, doing: "reading `\(path)` of the context", kind: .input)
    }

    static func changedWhileReading(_ path: TreePath) -> BuildError {
        BuildError(
            .input, "changed-while-reading", "`\(path)` changed while it was read",
            hint: "build again when nothing writes to it")
    }
}
