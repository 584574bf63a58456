import Glibc
import Linux
import OCI
import SystemPackage

/// A build context as a source of COPY.
///
/// Files are reached through the context's folder without following links, so a name that is swapped for a link after
/// the walk leads nowhere.
struct ContextTree: SourceTree, Sendable {
    let manifest: ContextManifest
    private let root: OpenFolder
    private let digests: ContentDigests

    /// The context's folder, opened once.
    private final class OpenFolder: Sendable {
        let folder: Folder

        init(_ path: FilePath) throws(SyscallError) { folder = try Folder(opening: path) }
    }

    init(_ manifest: ContextManifest, _ digests: ContentDigests) throws(BuildError) {
        self.manifest = manifest
        self.digests = digests
        do { root = try OpenFolder(manifest.folder) } catch {
            throw BuildError(error, doing: "reading the context", kind: .input)
        }
    }

    func entry(at path: TreePath) -> SourceEntry? {
        manifest.node(at: path).map { entry($0, at: path) }
    }

    func children(of folder: SourceEntry) -> [SourceEntry] {
        guard let node = manifest.node(at: folder.path) else { return [] }
        return node.children.map { entry($0, at: folder.path.appending($0.name)) }
    }

    private func entry(_ node: ContextManifest.Node, at path: TreePath) -> SourceEntry {
        SourceEntry(path: path, status: node.status, owner: 0, group: 0, isIncluded: node.isIncluded)
    }

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
            File(try root.folder.openBeneath(FilePath(bytes: entry.path.bytes), O_RDONLY | O_NONBLOCK))
        }
        let status = try reading(entry.path) { () throws(SyscallError) in try file.status() }
        guard status.inode == entry.status.inode, status.device == entry.status.device,
            status.size == entry.status.size, status.modified == entry.status.modified
        else { throw BuildError.changedWhileReading(entry.path) }
        return file
    }

    func digest(of entry: SourceEntry) throws(BuildError) -> Digest {
        try digests.digest(of: entry.status) { () throws(BuildError) in try open(entry) }
    }

    /// The digest, if it is known without reading.
    func knownDigest(of entry: SourceEntry) throws(BuildError) -> Digest? { try digests.known(entry.status) }

    func note(_ digest: Digest, of entry: SourceEntry) throws(BuildError) { try digests.note(digest, of: entry.status) }

    func reading<Result: ~Copyable>(
        _ path: TreePath, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch {
            throw BuildError(error, doing: "reading `\(path)` of the context", kind: .input)
        }
    }
}

extension BuildError {
    static func changedWhileReading(_ path: TreePath) -> BuildError {
        BuildError(
            .input, "changed-while-reading", "`\(path)` changed while it was read",
            hint: "build again when nothing writes to it")
    }
}
