import Glibc
import Linux
import SystemPackage

/// The lock of the whole store: shared by whoever reads or adds, alone for whoever removes.
///
/// The kernel gives it back when its owner dies. Nobody keeps newcomers out while waiting to be alone.
enum StoreLock {
    static func shared(_ root: StoreRoot) throws(StoreError) -> FileLock {
        try locking(root) { () throws(SyscallError) in try FileLock(try open(root), .shared) }
    }

    static func aloneIfFree(_ root: StoreRoot) throws(StoreError) -> FileLock? {
        try locking(root) { () throws(SyscallError) in try FileLock.attempt(try open(root), .exclusive) }
    }

    static func alone(_ root: StoreRoot, waiting: () -> Void) throws(StoreError) -> FileLock {
        if let lock = try aloneIfFree(root) { return lock }
        waiting()
        return try locking(root) { () throws(SyscallError) in try FileLock(try open(root), .exclusive) }
    }

    private static func locking<Lock: ~Copyable>(
        _ root: StoreRoot, _ body: () throws(SyscallError) -> Lock
    ) throws(StoreError) -> Lock {
        try attempt("locking the store `\(root.path)`", body)
    }

    private static func open(_ root: StoreRoot) throws(SyscallError) -> OwnedDescriptor {
        do throws(SyscallError) {
            return try root.folder.open(StoreLayout.lock, O_RDWR | O_CREAT, mode: 0o600)
        } catch  where error.errno == .readOnlyFileSystem {
            return try root.folder.open(StoreLayout.lock)
        }
    }
}
