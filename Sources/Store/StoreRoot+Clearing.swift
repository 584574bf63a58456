import Glibc
import Linux
import SystemPackage

extension StoreRoot {
    /// Removes what processes left in `tmp` that are gone: everything whose lock is free. Returns why something is still
    /// there.
    func clearAbandoned() throws(SyscallError) -> [SyscallError] {
        let entries: [FolderEntry]
        do throws(SyscallError) {
            entries = try folder.openFolder(StoreLayout.scratch).entries()
        } catch  where error.errno == .noSuchFileOrDirectory {
            return []
        }
        var failures: [SyscallError] = []
        for entry in entries {
            do throws(SyscallError) {
                try clear(StoreLayout.scratch.appending(entry.path.components))
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    private func clear(_ name: FilePath) throws(SyscallError) {
        let opened = try folder.open(name, O_RDONLY | O_NONBLOCK)
        guard let lock = try FileLock.attempt(opened, .exclusive) else { return }
        // The name may have been taken anew since it was opened; then it is not ours to remove.
        guard let status = try folder.status(of: name), try status.inode == lock.status().inode else { return }
        try folder.removeTree(name)
    }
}
