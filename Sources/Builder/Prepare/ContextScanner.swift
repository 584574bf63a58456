import Frontend
import Linux
import OCI
import SystemPackage

/// Walks a build context once, several folders at a time.
///
/// A folder that the ignore file excludes is not even opened, unless an exception may let something below it through.
struct ContextScanner: Sendable {
    let patterns: IgnorePatterns
    var threads = 1
    /// True for a file that must not be part of the context: an output of this or an earlier build.
    let isOutput: @Sendable (TreePath, FileStatus) throws(BuildError) -> Bool

    /// A folder that is still to be looked into.
    struct Pending: Sendable {
        let path: TreePath
        let verdict: IgnorePatterns.Verdict?
    }

    /// What is in one folder, sorted, and which of it are folders to go on with.
    struct Listing: Sendable {
        var nodes: [ContextManifest.Node] = []
        var pending: [(index: Int, folder: Pending)] = []
    }

    /// Walks the folder. Throws if it, or anything in it that is not ignored, cannot be read.
    func scan(_ path: FilePath) throws(BuildError) -> ContextManifest {
        let folder = try Self.reading(path) { () throws(SyscallError) in try Folder(opening: path) }
        let status = try Self.reading(path) { () throws(SyscallError) in try folder.status() }
        var listings = try FolderQueue(self, folder).listings(threads: threads)
        var count = 1
        let children = Self.assemble(0, &listings, &count)
        return ContextManifest(
            folder: path,
            root: ContextManifest.Node(name: [], status: status, children: children, isIncluded: true), count: count)
    }

    /// Puts the folders into the folders they lie in, and gives each node its number. The nodes are taken out of the
    /// listings, so that there are never two of each.
    private static func assemble(
        _ number: Int, _ listings: inout [FolderQueue.Listed], _ count: inout Int
    )
        -> [ContextManifest.Node]
    {
        var nodes: [ContextManifest.Node] = []
        swap(&nodes, &listings[number].nodes)
        var isEmptied = false
        for (index, folder) in listings[number].folders {
            nodes[index].children = assemble(folder, &listings, &count)
            // One that is ignored is here for what an exception brings back below it; there may be nothing.
            isEmptied = isEmptied || !nodes[index].isIncluded && nodes[index].children.isEmpty
        }
        if isEmptied { nodes.removeAll { $0.status.kind == .folder && !$0.isIncluded && $0.children.isEmpty } }
        for index in nodes.indices { nodes[index].number = count + index }
        count += nodes.count
        return nodes
    }

    /// Lists one folder below `root`.
    func list(_ pending: Pending, below root: borrowing Folder) throws(BuildError) -> Listing {
        guard !pending.path.isRoot else { return try list(pending, in: root) }
        let folder: Folder
        do { folder = Folder(try root.openBeneath(FilePath(bytes: pending.path.bytes), FolderQueue.flags)) } catch {
            throw .unreadable(pending.path, error)
        }
        return try list(pending, in: folder)
    }

    private func list(_ pending: Pending, in folder: borrowing Folder) throws(BuildError) -> Listing {
        let entries: [FolderEntry]
        do { entries = try folder.entries() } catch { throw .unreadable(pending.path, error) }
        var listing = Listing()
        listing.nodes.reserveCapacity(entries.count)
        for entry in entries {
            let path = pending.path.appending(entry.name)
            let verdict = patterns.isEmpty ? nil : patterns.verdict(on: path, below: pending.verdict)
            let isIgnored = verdict?.isIgnored ?? false
            if isIgnored, entry.kind != .folder || !patterns.mayHoldExceptions(below: path) { continue }
            let status: FileStatus?
            do { status = try folder.status(of: entry) } catch { throw .unreadable(path, error) }
            guard let status, status.kind != .socket else { continue }
            if status.kind == .folder {
                listing.pending.append((listing.nodes.count, Pending(path: path, verdict: verdict)))
            } else {
                if isIgnored { continue }
                if status.kind == .regular, try isOutput(path, status) { continue }
            }
            listing.nodes.append(
                ContextManifest.Node(name: entry.name, status: status, children: [], isIncluded: !isIgnored))
        }
        return listing
    }

    private static func reading<Result: ~Copyable>(
        _ context: FilePath, _ body: () throws(SyscallError) -> Result
    ) throws(BuildError) -> Result {
        do { return try body() } catch {
            throw BuildError(error, doing: "reading the context \(context)", kind: .input)
        }
    }
}
