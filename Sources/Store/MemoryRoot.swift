import Linux
import SystemPackage

/// A folder in memory for the snapshots of a store that lies on overlayfs, as in a container.
///
/// An overlay cannot have its upper folder on another one, and no whiteout can be made there. The file system is mounted
/// where nobody sees it: it is reached through its descriptor and ends with the process.
final class MemoryRoot: Sendable {
    let root: StoreRoot
    private let mount: Mount

    /// `nil` if `disk` lies on another file system, or if this process may not mount: then steps say so.
    init?(insteadOf disk: StoreRoot) throws(StoreError) {
        let isOnOverlay = try attempt("asking for the store's file system") { () throws(SyscallError) in
            try disk.folder.isOnOverlay()
        }
        guard isOnOverlay else { return nil }
        do throws(SyscallError) {
            mount = try Mount.memory(mode: 0o700)
            try disk.makeFolders(StoreLayout.snapshots)
            try mount.settle(over: disk.host(StoreLayout.snapshots))
            root = StoreRoot(path: FilePath("/proc/self/fd/\(mount.number)"), folder: try mount.folder())
            for name in [StoreLayout.scratch, StoreLayout.snapshots] { try root.makeFolders(name) }
        } catch {
            guard error.errno == .notPermitted || error.errno == .permissionDenied else {
                throw .system(error, doing: "making room for snapshots in memory")
            }
            return nil
        }
    }
}
