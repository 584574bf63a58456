import Frontend
import Linux
import OCI
import SystemPackage

/// Walks a build context once.
///
/// A folder that the ignore file excludes is not even opened, unless an exception may let something below it through.
struct ContextScanner {
    let patterns: IgnorePatterns
    /// True for a file that must not be part of the context: an output of this or an earlier build.
    let isOutput: (TreePath, FileStatus) throws(BuildError) -> Bool

    /// Walks the folder. Throws if it, or anything in it that is not ignored, cannot be read.
    func scan(_ path: FilePath) throws(BuildError) -> ContextManifest {
        let folder = try reading(path.string) { () throws(SyscallError) in try Folder(opening: path) }
        let status = try reading(path.string) { () throws(SyscallError) in try folder.status() }
        return ContextManifest(
            folder: path,
            root: ContextManifest.Node(
                name: [], status: status, children: try children(of: folder, at: .root), isIncluded: true))
    }

    private func children(
        of folder: borrowing Folder, at path: TreePath
    ) throws(BuildError) -> [ContextManifest.Node] {
        let entries: [FolderEntry]
        do { entries = try folder.entries() } catch { throw Self.unreadable(path.description, error) }
        var nodes: [ContextManifest.Node] = []
        for entry in entries {
            if let node = try node(entry, in: folder, at: path.appending(entry.name)) { nodes.append(node) }
        }
        return nodes
    }

    private func node(
        _ entry: FolderEntry, in folder: borrowing Folder, at path: TreePath
    ) throws(BuildError) -> ContextManifest.Node? {
        let isIgnored = patterns.matches(path)
        if isIgnored, entry.kind != .folder || !patterns.mayHoldExceptions(below: path) { return nil }
        let status: FileStatus?
        do { status = try folder.status(of: entry.path) } catch { throw Self.unreadable(path.description, error) }
        guard let status, status.kind != .socket else { return nil }
        guard status.kind == .folder else {
            if isIgnored { return nil }
            if status.kind == .regular, try isOutput(path, status) { return nil }
            return ContextManifest.Node(name: entry.name, status: status, children: [], isIncluded: true)
        }

        let opened = try reading(path.description) { () throws(SyscallError) in try folder.openFolder(entry.path) }
        let children = try children(of: opened, at: path)
        if isIgnored, children.isEmpty { return nil }
        return ContextManifest.Node(name: entry.name, status: status, children: children, isIncluded: !isIgnored)
    }

    private func reading<Result: ~Copyable>(
        _ path: String, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch { throw Self.unreadable(path, error) }
    }

    private static func unreadable(_ path: String, _ error: SyscallError) -> BuildError {
        BuildError(error, doing: "reading `\(path)` of the context", kind: .input)
    }
}
