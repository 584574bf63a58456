import Glibc
import Linux
import OCI
import SystemPackage

/// A listing of a cache mount that is being taken; the mount is nobody's, and nobody is kept from it.
///
///     begin   the mount is nobody's: `listing.new` is made and locked
///     take    the files are read
///     end     `listing.new` becomes `listing`, if it is still there
///
/// Whoever mounts the cache removes `listing.new` before he can write, so that what was read half before and half after a
/// step never counts. A `listing` becomes `listing.old` then: of the files in it that are as they were the digests are
/// taken over. Whoever gives a mount back last takes the listing; nobody does if he is killed.
package final class PendingListing: Sendable {
    private let root: StoreRoot
    private let durability: Durability
    private let mount: FilePath
    private let file: File
    /// Tells those who would begin another from one that nobody is at any more.
    private let lock: FileLock

    private init(
        _ mount: FilePath, _ root: StoreRoot, _ durability: Durability, _ file: consuming File,
        _ lock: consuming FileLock
    ) {
        self.mount = mount
        self.root = root
        self.durability = durability
        self.file = file
        self.lock = lock
    }

    /// `nil` if there is nothing to list, or if somebody else does it: who has the mount, or takes a listing already.
    static func begin(
        _ mount: FilePath, in root: StoreRoot, _ durability: Durability
    ) throws(StoreError) -> PendingListing? {
        try attempt("listing `\(root.host(mount))`") { () throws(SyscallError) -> PendingListing? in
            let names = MountNames(mount)
            guard let status = try root.folder.status(of: mount),
                let idle = try FileLock.attempt(try root.folder.open(mount, O_RDONLY | O_DIRECTORY), .exclusive),
                try root.folder.status(of: names.listing) == nil, try root.folder.status(of: names.files) != nil,
                try removeAbandoned(names.new, root)
            else { return nil }
            let file = try root.folder.createFile(names.new, mode: 0o600)
            let lock = try FileLock.attempt(try file.handle.duplicate(), .exclusive)
            // Its time says when the mount was last used.
            try root.folder.setModified(of: mount, status.modified)
            _ = consume idle
            guard let lock else { return nil }
            return PendingListing(mount, root, durability, file, lock)
        }
    }

    /// False if it is not abandoned.
    private static func removeAbandoned(_ name: FilePath, _ root: StoreRoot) throws(SyscallError) -> Bool {
        guard try root.folder.status(of: name) != nil else { return true }
        guard let lock = try FileLock.attempt(try root.folder.open(name), .exclusive) else { return false }
        try root.folder.removeTree(name)
        _ = consume lock
        return true
    }

    /// Reads the files and ends the listing. Returns false if it does not count, because somebody has the mount again, or
    /// because it is not wanted any more.
    @discardableResult
    package func take(while isWanted: @escaping () -> Bool) throws(StoreError) -> Bool {
        do throws(StoreError) { try write(while: isWanted) } catch {
            if case .system(let cause, _) = error, cause.errno == .canceled { return false }
            // Somebody may have moved away what is being read.
            guard try isOurs() else { return false }
            throw error
        }
        try durability.expectWrites()
        return try root.withLock(on: mount.removingLastComponent()) { () throws(StoreError) in
            guard try isOurs() else { return false }
            try attempt("listing `\(root.host(mount))`") { () throws(SyscallError) in try publish() }
            return true
        }
    }

    private func publish() throws(SyscallError) {
        let used = try root.folder.status(of: mount)?.modified
        let names = MountNames(mount)
        try root.folder.rename(names.new, to: names.listing, in: root.folder)
        try root.folder.removeTree(names.old)
        if let used { try root.folder.setModified(of: mount, used) }
    }

    /// False if somebody has the mount again.
    private func isOurs() throws(StoreError) -> Bool {
        try attempt("listing `\(root.host(mount))`") { () throws(SyscallError) in
            let inode = try file.status().inode
            return try root.folder.status(of: MountNames(mount).new)?.inode == inode
        }
    }

    private func write(while isWanted: @escaping () -> Bool) throws(StoreError) {
        var known = try EarlierListing(of: mount, in: root)
        try attempt("listing `\(root.host(mount))`") { () throws(SyscallError) in
            var writer = MountListingWriter()
            let walk = MountWalk(while: isWanted)
            let files = try root.folder.openFolder(MountNames(mount).files)
            try walk.through(files) { path, status, name, folder throws(SyscallError) in
                let state = MountListing.state(of: status)
                let same = known?.digest(of: path, status, state)
                let digest = if let same { same } else { try walk.digest(of: name, status, in: folder) }
                try writer.write(MountListing.Entry(path: path, digest: digest, state: state), to: file)
            }
            try writer.finish(file)
        }
    }
}
