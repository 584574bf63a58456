import CLinux
import Glibc
package import SystemPackage

extension Folder {
    package func makeFolder(_ name: FilePath, mode: UInt16 = 0o755) throws(SyscallError) {
        try check("mkdirat", name.string) { name.withPlatformString { mkdirat(number, $0, mode_t(mode)) } }
    }

    /// Creates a regular file that must not exist.
    package func createFile(_ name: FilePath, mode: UInt16 = 0o644) throws(SyscallError) -> File {
        File(try open(name, O_WRONLY | O_CREAT | O_EXCL, mode: UInt32(mode)))
    }

    package func makeLink(_ name: FilePath, target: [UInt8]) throws(SyscallError) {
        try check("symlinkat", name.string) {
            name.withPlatformString { path in
                FilePath.withTerminated(target) { symlinkat($0, number, path) }
            }
        }
    }

    /// A second name for the entry `existing` of `folder`, which is not followed if it is a link.
    package func makeHardLink(
        _ name: FilePath, to existing: FilePath, in folder: borrowing Folder
    ) throws(SyscallError) {
        try check("linkat", name.string) {
            name.withPlatformString { new in
                existing.withPlatformString { linkat(folder.number, $0, number, new, 0) }
            }
        }
    }

    /// A device node, FIFO or socket node; `mode` holds the permissions only.
    package func makeNode(
        _ name: FilePath, _ kind: FileKind, mode: UInt16, device: DeviceNumber = DeviceNumber(major: 0, minor: 0)
    ) throws(SyscallError) {
        let type: UInt32 =
            switch kind {
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            case .fifo: S_IFIFO
            case .socket: S_IFSOCK
            case .regular, .folder, .symbolicLink: S_IFREG
            }
        try check("mknodat", name.string) {
            name.withPlatformString { mknodat(number, $0, mode_t(type | UInt32(mode)), dev_t(device.packed)) }
        }
    }

    /// Removes a file, link or node.
    package func unlink(_ name: FilePath) throws(SyscallError) {
        try check("unlinkat", name.string) { name.withPlatformString { unlinkat(number, $0, 0) } }
    }

    /// Removes an empty folder.
    package func removeFolder(_ name: FilePath) throws(SyscallError) {
        try check("unlinkat", name.string) { name.withPlatformString { unlinkat(number, $0, AT_REMOVEDIR) } }
    }

    package func rename(
        _ name: FilePath, to newName: FilePath, in folder: borrowing Folder
    ) throws(SyscallError) {
        try check("renameat", name.string) {
            name.withPlatformString { old in newName.withPlatformString { renameat(number, old, folder.number, $0) } }
        }
    }

    /// Sets the owner of the entry itself, never of what a link points to. The kernel may clear set-ID bits.
    package func setOwner(of name: FilePath, owner: UInt32, group: UInt32) throws(SyscallError) {
        try check("fchownat", name.string) {
            name.withPlatformString { fchownat(number, $0, owner, group, AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Sets the mode of an entry that is known to be no link: `fchmodat` would follow one.
    package func setMode(of name: FilePath, _ mode: UInt16) throws(SyscallError) {
        try check("fchmodat", name.string) { name.withPlatformString { fchmodat(number, $0, mode_t(mode), 0) } }
    }

    /// Sets both times of the entry itself, never of what a link points to.
    package func setModified(of name: FilePath, _ time: FileStatus.Time) throws(SyscallError) {
        let value = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
        try check("utimensat", name.string) {
            name.withPlatformString { utimensat(number, $0, [value, value], AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Waits until the folder's names are on the disk.
    package func sync() throws(SyscallError) {
        try check("fsync") { fsync(number) }
    }

    /// Waits until everything on the folder's file system is on the disk.
    package func syncFileSystem() throws(SyscallError) {
        try checkShim("syncfs") { clinux_syncfs(number) }
    }
}

extension FilePath {
    /// Passes bytes on as a C string. Unlike a `FilePath` they are not brought into a normal form.
    static func withTerminated<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            buffer[bytes.count] = 0
            guard let base = buffer.baseAddress else { return body("") }
            return body(base)
        }
    }
}
