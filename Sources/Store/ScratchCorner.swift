import Glibc
import Linux
import SystemPackage

/// This process's folder in `tmp`, locked as long as the process has it.
struct ScratchCorner: ~Copyable, Sendable {
    let name: FilePath
    private let lock: KernelLock

    /// Makes the folder. Another command may clear it between the making and the locking; then the next name is tried.
    init(in root: borrowing Folder) throws(SyscallError) {
        while true {
            let name = StoreLayout.scratch.appending(String(UInt64.random(in: .min ... .max), radix: 36))
            do throws(SyscallError) {
                try root.makeFolder(name, mode: 0o700)
            } catch  where error.errno == .noSuchFileOrDirectory {
                try root.makeFolder(StoreLayout.scratch, mode: 0o700)
                continue
            } catch  where error.errno == .fileExists {
                continue
            }
            do throws(SyscallError) {
                let file = File(try root.open(name, O_RDONLY | O_DIRECTORY))
                if let lock = try KernelLock.ifFree(file, .exclusive), try lock.file.status().linkCount > 0 {
                    self.name = name
                    self.lock = lock
                    return
                }
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            }
        }
    }

    /// Removes what processes left in `tmp` that are gone: everything whose lock is free.
    static func clearAbandoned(in root: borrowing Folder) throws(SyscallError) {
        let entries: [FolderEntry]
        do throws(SyscallError) {
            entries = try root.openFolder(StoreLayout.scratch).entries()
        } catch  where error.errno == .noSuchFileOrDirectory {
            return
        }
        for entry in entries {
            let name = StoreLayout.scratch.appending(entry.path.components)
            do throws(SyscallError) {
                let file = File(try root.open(name, O_RDONLY | O_NONBLOCK))
                guard let lock = try KernelLock.ifFree(file, .exclusive) else { continue }
                // The name may have been taken anew since it was opened; then it is not ours to remove.
                guard let status = try root.status(of: name), try status.inode == lock.file.status().inode else {
                    continue
                }
                try root.removeTree(name)
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            }
        }
    }
}
