import Glibc
import Linux
import OCI
package import SystemPackage

extension Store {
    /// Opens the store in a folder, which is made if it is not there, and clears what cut-off builds left in it.
    ///
    /// `path` is absolute; `now` is when the command began, in seconds since 1970; `boot` tells one run of the machine
    /// from another and is by default the kernel's own name for it.
    ///
    /// - Throws: ``StoreError/knownDamage(_:)`` if something in it is known not to be what was written there: what a
    ///   build would make of that is not what its recipe says.
    package static func open(at path: FilePath, now: Int64, boot: String? = nil) throws(StoreError) -> Store {
        let root = try entered(path)
        let lock = try StoreLock.shared(root)
        guard try !DamageNote(root: root).isThere else { throw .knownDamage(path) }
        return try open(root, lock, now: now, boot: boot)
    }

    /// The same, damaged or not, for whoever looks at the store and makes nothing of what it holds.
    package static func openAsFound(
        at path: FilePath, now: Int64, boot: String? = nil
    ) throws(StoreError) -> Store {
        let root = try entered(path)
        return try open(root, StoreLock.shared(root), now: now, boot: boot)
    }

    /// The same with nobody else in the store, as whoever removes something from it needs it. Waits for the others to
    /// leave; `waiting` is called once if there are any.
    package static func openAlone(
        at path: FilePath, now: Int64, boot: String? = nil, waiting: () -> Void = {}
    ) throws(StoreError) -> Store {
        let root = try entered(path)
        return try open(root, StoreLock.alone(root, waiting: waiting), now: now, boot: boot)
    }

    /// The same if nobody is in the store now; `nil` otherwise.
    package static func openIfUnused(
        at path: FilePath, now: Int64, boot: String? = nil
    ) throws(StoreError) -> Store? {
        let root = try entered(path)
        guard let lock = try StoreLock.aloneIfFree(root) else { return nil }
        return try open(root, lock, now: now, boot: boot)
    }

    private static func entered(_ path: FilePath) throws(StoreError) -> StoreRoot {
        let root = StoreRoot(path: path, folder: try openFolder(path))
        try root.claim()
        if try !root.checkSchema() { try root.layOut() }
        return root
    }

    private static func open(
        _ root: StoreRoot, _ lock: consuming FileLock, now: Int64, boot: String?
    ) throws(StoreError) -> Store {
        let boot = if let boot { boot } else { try currentBoot() }
        let leftovers = try attempt("clearing `\(root.host(StoreLayout.scratch))`") { () throws(SyscallError) in
            try root.clearAbandoned()
        }
        let store = Store(
            root: root, lock: lock, leftovers: leftovers, boot: boot, now: now,
            snapshotsInMemory: try MemoryRoot(insteadOf: root))
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
        // Another version may write it without a seal, but then it says nothing else.
        let plain = (try? JSONValue.parse(bytes))?.object.flatMap { $0.names == ["schema"] ? $0 : nil }
        if try mendSchema(bytes) { return true }
        guard let schema = (SealedJSON.open(bytes) ?? plain)?["schema"]?.integer, schema >= 1 else {
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
        try replace(StoreLayout.layoutFile, with: StoreLayout.layoutText, synced: true)
        try withLock(on: FilePath()) { () throws(StoreError) in
            if try read(StoreLayout.index) == nil {
                try replace(
                    StoreLayout.index, with: IndexSeal.seal(ImageIndex(manifests: [])).serialised(), synced: true)
            }
        }
        try replace(StoreLayout.schemaFile, with: Self.schemaText, synced: true)
    }

    private static var schemaText: [UInt8] {
        SealedJSON.seal(JSONObject([("schema", .integer(StoreLayout.schema))]))
    }

    /// So many bits may have flipped. Another schema's text differs in more: its seal is another.
    private static let mendableBits = 4

    /// Writes the schema again if all that is wrong with it is a few flipped bits; false if it is to be read as it is.
    private func mendSchema(_ bytes: [UInt8]) throws(StoreError) -> Bool {
        let good = Self.schemaText
        guard bytes.count == good.count else { return false }
        let flipped = zip(bytes, good).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        guard (1...Self.mendableBits).contains(flipped) else { return false }
        do throws(StoreError) {
            try replace(StoreLayout.schemaFile, with: good, synced: true)
        } catch {
            guard error.errno == .readOnlyFileSystem else { throw error }
        }
        noteMended(StoreLayout.schemaFile)
        return true
    }
}
