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

        /// False if it is only looked into for what an exception brings back.
        var isIncluded: Bool { !(verdict?.isIgnored ?? false) }
    }

    /// What is in one folder, sorted, and which folders of it are to be gone on with, in their order.
    struct Listing: Sendable {
        var nodes = ContextListings.Nodes()
        var pending: [Pending] = []
    }

    /// Walks the folder. Throws if it, or anything in it that is not ignored, cannot be read.
    ///
    /// `recording`: where a long list may be kept; `nil` keeps it in memory.
    func scan(_ path: FilePath, recordingIn recording: FilePath? = nil) throws(BuildError) -> ContextManifest {
        let folder = try Self.reading(path) { () throws(SyscallError) in try Folder(opening: path) }
        let status = try Self.reading(path) { () throws(SyscallError) in try folder.status() }
        let listings = try FolderQueue(self, folder, recordingIn: recording).listings(threads: threads)
        return ContextManifest(folder: path, status: status, listings)
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
        for entry in entries {
            let path = pending.path.appending(entry.name)
            let verdict = patterns.isEmpty ? nil : patterns.verdict(on: path, below: pending.verdict)
            let isIgnored = verdict?.isIgnored ?? false
            if isIgnored, entry.kind != .folder || !patterns.mayHoldExceptions(below: path) { continue }
            let status: FileStatus?
            do { status = try folder.status(of: entry) } catch { throw .unreadable(path, error) }
            guard let status, status.kind != .socket else { continue }
            if status.kind == .folder {
                listing.pending.append(Pending(path: path, verdict: verdict))
            } else {
                if isIgnored { continue }
                if status.kind == .regular, try isOutput(path, status) { continue }
            }
            listing.nodes.append(entry.name, status, isIncluded: !isIgnored)
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
