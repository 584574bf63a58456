import Glibc
import Linux
import OCI
package import SystemPackage

extension Store {
    /// Opens the store in a folder, which is made if it is not there, and clears what cut-off builds left in it.
    ///
    /// `path` is absolute; `now` is when the command began, in seconds since 1970; `boot` tells one run of the machine
    /// from another and is by default the kernel's own name for it.
    package static func open(at path: FilePath, now: Int64, boot: String? = nil) throws(StoreError) -> Store {
        let root = StoreRoot(path: path, folder: try openFolder(path))
        try root.claim()
        if try !root.checkSchema() { try root.layOut() }
        let lock = try root.lockForBuild()
        let boot = if let boot { boot } else { try currentBoot() }
        let leftovers = try attempt("clearing `\(root.host(StoreLayout.scratch))`") { () throws(SyscallError) in
            try root.clearAbandoned()
        }
        let store = Store(
            root: root, lock: lock, leftovers: leftovers, boot: boot, now: now,
            snapshotsInMemory: try MemoryRoot(insteadOf: root.folder))
        try store.settleEarlier()
        return store
    }

    /// The kernel's name for the time since the machine was started.
    private static func currentBoot() throws(StoreError) -> String {
        let bytes = try attempt("asking the kernel for its boot") { () throws(SyscallError) in
            try File(opening: "/proc/sys/kernel/random/boot_id").readAll(limit: 1 << 10)
        }
        return String(decoding: bytes.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }, as: UTF8.self)
    }

    private static func openFolder(_ path: FilePath) throws(StoreError) -> Folder {
        try attempt("opening the store `\(path)`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try Folder(opening: path)
            } catch  where error.errno == .noSuchFileOrDirectory {
                try makeFolder(path)
                return try Folder(opening: path)
            }
        }
    }

    /// Makes a folder that is its owner's alone, and the folders above it.
    private static func makeFolder(_ path: FilePath) throws(SyscallError) {
        let above = path.removingLastComponent()
        guard let name = path.lastComponent else { return }
        let parent: Folder
        do throws(SyscallError) {
            parent = try Folder(opening: above.isEmpty ? "." : above)
        } catch  where error.errno == .noSuchFileOrDirectory && !above.isEmpty {
            try makeFolder(above)
            parent = try Folder(opening: above)
        }
        do throws(SyscallError) {
            try parent.makeFolder(FilePath(root: nil, [name]), mode: 0o700)
        } catch  where error.errno == .fileExists {
            return
        }
    }
}

extension StoreRoot {
    /// Makes sure that nobody else can reach into the folder: images hold set-user-ID programs.
    fileprivate func claim() throws(StoreError) {
        let status = try attempt("opening the store `\(path)`") { () throws(SyscallError) in try folder.status() }
        guard status.owner == geteuid() || status.owner == 0 else {
            throw .foreignOwner(path, owner: status.owner)
        }
        guard status.mode & 0o077 != 0 else { return }
        try requireOurs()
        try attempt("closing the store `\(path)` to others") { () throws(SyscallError) in
            try folder.setMode(of: ".", 0o700)
        }
    }

    /// A folder that holds something else is left alone.
    private func requireOurs() throws(StoreError) {
        let entries = try attempt("reading the store `\(path)`") { () throws(SyscallError) in try folder.entries() }
        for entry in entries {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard StoreLayout.knownNames.contains(name) else { throw .foreignFolder(path, holds: name) }
        }
    }

    /// False if the folder is no store yet.
    fileprivate func checkSchema() throws(StoreError) -> Bool {
        guard let bytes = try read(StoreLayout.schemaFile, limit: 1 << 16) else { return false }
        guard let schema = (try? JSONValue.parse(bytes))?.object?["schema"]?.integer, schema >= 1 else {
            throw .damaged(host(StoreLayout.schemaFile), why: "it names no schema")
        }
        guard schema <= StoreLayout.schema else { throw .newerSchema(path, found: schema) }
        return true
    }

    /// Makes what belongs in a store; the file that says so comes last. All of it is on the disk before
    /// anything relies on it.
    fileprivate func layOut() throws(StoreError) {
        try requireOurs()
        try attempt("making the store `\(path)`") { () throws(SyscallError) in
            for name in StoreLayout.folders { try makeFolders(name) }
        }
        try replace(StoreLayout.layoutFile, with: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), synced: true)
        try withLock(on: FilePath()) { () throws(StoreError) in
            if try read(StoreLayout.index) == nil {
                try replace(StoreLayout.index, with: ImageIndex(manifests: []).serialised(), synced: true)
            }
        }
        let schema = JSONValue.object(JSONObject([("schema", .integer(StoreLayout.schema))]))
        try replace(StoreLayout.schemaFile, with: schema.serialised(), synced: true)
    }

    /// The lock that all builds share.
    fileprivate func lockForBuild() throws(StoreError) -> FileLock {
        try attempt("locking the store `\(path)`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try FileLock(try folder.open(StoreLayout.lock, O_RDWR | O_CREAT, mode: 0o600), .shared)
            } catch  where error.errno == .readOnlyFileSystem {
                return try FileLock(try folder.open(StoreLayout.lock), .shared)
            }
        }
    }
}
