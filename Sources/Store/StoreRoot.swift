import Glibc
import Linux
import Synchronization
import SystemPackage

/// The store's folder, opened once; and the corner of it where this process works.
///
/// All names below are resolved relative to the open folder. What is written becomes visible by a rename only.
final class StoreRoot: Sendable {
    let path: FilePath
    let folder: Folder
    private let scratch = Mutex(ScratchState())
    private let mended = Mutex<[FilePath]>([])
    private let counter = Atomic<UInt64>(0)

    /// Made when it is first needed.
    private struct ScratchState: ~Copyable {
        var name: FilePath?
        var folder: ScratchFolder?
    }

    init(path: FilePath, folder: consuming Folder) {
        self.path = path
        self.folder = folder
    }

    /// The files that were found damaged when the store was opened, and made good from what is known without them.
    var mendedFiles: [FilePath] { mended.withLock { $0 } }

    func noteMended(_ name: FilePath) { mended.withLock { $0.append(name) } }

    func host(_ name: FilePath) -> FilePath { path.pushing(name) }

    /// A name in `tmp` that nobody has: in a folder that is this process's own until it ends.
    func scratchName() throws(StoreError) -> FilePath {
        let corner = try scratch.withLock { state throws(StoreError) in
            if let name = state.name { return name }
            let made = try attempt("making a scratch folder in the store") { () throws(SyscallError) in
                do throws(SyscallError) {
                    return try ScratchFolder(in: host(StoreLayout.scratch))
                } catch  where error.errno == .noSuchFileOrDirectory {
                    try makeFolders(StoreLayout.scratch)
                    return try ScratchFolder(in: host(StoreLayout.scratch))
                }
            }
            let name = StoreLayout.scratch.appending(made.path.lastComponent.map { [$0] } ?? [])
            state.name = name
            state.folder = consume made
            return name
        }
        return corner.appending(String(counter.add(1, ordering: .relaxed).newValue))
    }

    /// The contents of a small file; `nil` if there is none.
    func read(_ name: FilePath, limit: Int = 16 << 20) throws(StoreError) -> [UInt8]? {
        try attempt("reading `\(host(name))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try File(try folder.open(name)).readAll(limit: limit)
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
                return nil
            }
        }
    }

    /// The size of a regular file; `nil` if there is none of that name.
    func size(of name: FilePath) throws(StoreError) -> Int64? {
        let status = try attempt("looking for `\(host(name))`") { () throws(SyscallError) in
            try folder.status(of: name)
        }
        return status?.kind == .regular ? status?.size : nil
    }

    /// Gives a file its contents, all at once: a reader finds the old ones or the new ones.
    ///
    /// `synced` waits until they are on the disk.
    func replace(_ name: FilePath, with bytes: [UInt8], synced: Bool = false) throws(StoreError) {
        try replace(name) { file throws(SyscallError) in
            try file.write(bytes)
            if synced { try file.sync() }
        }
        if synced {
            let parent = name.removingLastComponent()
            try attempt("writing `\(host(name))`") { () throws(SyscallError) in
                if parent.isEmpty { try folder.sync() } else { try folder.openFolder(parent).sync() }
            }
        }
    }

    /// The same with contents that `write` puts into a new file.
    func replace(
        _ name: FilePath, _ write: (borrowing File) throws(SyscallError) -> Void
    ) throws(StoreError) {
        let temporary = try scratchName()
        try attempt("writing `\(host(name))`") { () throws(SyscallError) in
            try write(try folder.createFile(temporary, mode: 0o600))
        }
        try publish(temporary, as: name)
    }

    /// Moves something finished to its final name. The folder it belongs in is made again if somebody removed it.
    func publish(_ temporary: FilePath, as name: FilePath) throws(StoreError) {
        try attempt("writing `\(host(name))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                try folder.rename(temporary, to: name, in: folder)
            } catch  where error.errno == .noSuchFileOrDirectory {
                try makeFolders(name.removingLastComponent())
                try folder.rename(temporary, to: name, in: folder)
            }
        }
    }

    func makeFolders(_ name: FilePath) throws(SyscallError) {
        var path = FilePath()
        for component in name.components {
            path.append(component)
            do throws(SyscallError) {
                try folder.makeFolder(path, mode: 0o700)
            } catch  where error.errno == .fileExists {
                continue
            }
        }
    }

    /// Holds a lock on a folder of the store itself while `body` runs. An empty name is the root.
    func withLock<Result>(on name: FilePath, _ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let lock = try lock(name)
        let result = try body()
        _ = consume lock
        return result
    }

    /// Waits for the lock on a folder of the store.
    func lock(_ name: FilePath) throws(StoreError) -> FileLock {
        try attempt("locking `\(host(name))`") { () throws(SyscallError) in
            let opened: FilePath = name.isEmpty ? "." : name
            do throws(SyscallError) {
                return try FileLock(try folder.open(opened, O_RDONLY | O_DIRECTORY), .exclusive)
            } catch  where error.errno == .noSuchFileOrDirectory {
                try makeFolders(name)
                return try FileLock(try folder.open(opened, O_RDONLY | O_DIRECTORY), .exclusive)
            }
        }
    }
}
