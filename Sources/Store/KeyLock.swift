import Glibc
import Linux
import SystemPackage

/// The right to make what a cache key names. The kernel takes it back if its owner is killed.
package struct KeyLock: ~Copyable, Sendable {
    private let lock: FileLock
    private let name: FilePath
    private let root: StoreRoot

    private init(_ lock: consuming FileLock, _ name: FilePath, _ root: StoreRoot) {
        self.lock = lock
        self.name = name
        self.root = root
    }

    /// Waits for the lock. The file may have been removed by the owner before us: then the name is opened again.
    init(_ name: FilePath, in root: StoreRoot) throws(SyscallError) {
        while true {
            let lock = try FileLock(try Self.open(name, in: root), .exclusive)
            if try lock.status().linkCount > 0 {
                self.init(lock, name, root)
                return
            }
        }
    }

    static func ifFree(_ name: FilePath, in root: StoreRoot) throws(SyscallError) -> KeyLock? {
        while true {
            guard let lock = try FileLock.attempt(try open(name, in: root), .exclusive) else { return nil }
            if try lock.status().linkCount > 0 { return KeyLock(lock, name, root) }
        }
    }

    private static func open(_ name: FilePath, in root: StoreRoot) throws(SyscallError) -> OwnedDescriptor {
        do throws(SyscallError) {
            return try root.folder.open(name, O_RDWR | O_CREAT, mode: 0o600)
        } catch  where error.errno == .noSuchFileOrDirectory {
            try root.makeFolders(StoreLayout.scratch)
            return try root.folder.open(name, O_RDWR | O_CREAT, mode: 0o600)
        }
    }

    /// Lets the next one in. Dropping the lock does the same.
    package consuming func release() {}

    deinit {
        // Removed while it is still locked, so that whoever waits for it sees that it is gone. An unremoved one is
        // cleared by the next command.
        try? root.folder.unlink(name)
    }
}
