import CLinux
import Glibc
package import SystemPackage

/// An open folder. Names are resolved relative to it, so nothing that is renamed meanwhile can redirect a call.
///
/// Paths passed in are relative to the folder. Only the methods that say so follow a symbolic link, and those never
/// leave the folder.
package struct Folder: ~Copyable, Sendable {
    package let handle: OwnedDescriptor

    package init(_ handle: consuming OwnedDescriptor) { self.handle = handle }

    /// Opens a path of the host, following links as usual.
    package init(opening path: FilePath) throws(SyscallError) {
        handle = OwnedDescriptor(
            try check("open", path.string) {
                path.withPlatformString { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
            })
    }

    package var number: Int32 { handle.number }

    /// Throws if this process may not make files in the folder.
    package func requireWritable() throws(SyscallError) {
        try check("faccessat") { faccessat(number, ".", W_OK | X_OK, AT_EACCESS) }
    }

    /// True if the file system that the folder lies on takes no more files, or less than a megabyte of them.
    package func isOnFullFileSystem() throws(SyscallError) -> Bool {
        var status = statvfs()
        try check("fstatvfs") { fstatvfs(number, &status) }
        // Without a number of all files there is no limit to it.
        let hasFiles = status.f_files == 0 || status.f_favail > 0
        return !hasFiles || UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20
    }

    /// True if the folder lies on an overlay.
    package func isOnOverlay() throws(SyscallError) -> Bool {
        try checkShim("fstatfs") { clinux_file_system_type(number) } == CLINUX_OVERLAYFS
    }

    /// False where a file can be changed, by a program that has it mapped, without its times showing that: in memory, and
    /// on an overlay, whose files may lie there.
    package func showsEveryChange() throws(SyscallError) -> Bool {
        let type = try checkShim("fstatfs") { clinux_file_system_type(number) }
        return type != CLINUX_OVERLAYFS && type != CLINUX_TMPFS && type != CLINUX_RAMFS
    }

    package func status() throws(SyscallError) -> FileStatus {
        var status = stat()
        try check("fstat") { fstat(number, &status) }
        return FileStatus(status)
    }

    /// The status of an entry, never of what a link points to; `nil` if there is none.
    package func status(of name: FilePath) throws(SyscallError) -> FileStatus? {
        var status = stat()
        do throws(SyscallError) {
            try check("fstatat", name.string) {
                name.withPlatformString { fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        return FileStatus(status)
    }

    /// Opens an entry for reading, or as `flags` say; fails with `ELOOP` on a link.
    package func open(
        _ name: FilePath, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0o600
    ) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("openat", name.string) {
                name.withPlatformString { openat(number, $0, flags | O_CLOEXEC | O_NOFOLLOW, mode) }
            })
    }

    package func openFolder(_ name: FilePath) throws(SyscallError) -> Folder {
        Folder(try open(name, O_RDONLY | O_DIRECTORY))
    }

    /// Opens a path as a process whose root is this folder would: links are followed, and none leads out.
    ///
    /// `openat2` with `RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS`.
    package func openInRoot(
        _ path: FilePath, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0
    ) throws(SyscallError) -> OwnedDescriptor {
        let resolve = UInt(CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS)
        let result = try checkShim("openat2", path.string) {
            path.withPlatformString { clinux_openat2(number, $0, UInt(flags | O_CLOEXEC), UInt(mode), resolve) }
        }
        return OwnedDescriptor(Int32(truncatingIfNeeded: result))
    }

    /// The same, and nobody notes when the file is read, if that may be asked for: of a file that has just been written
    /// it would be a change of its inode.
    package func openInRootUnnoted(_ path: FilePath, _ flags: Int32) throws(SyscallError) -> OwnedDescriptor {
        do throws(SyscallError) {
            return try openInRoot(path, flags | CLINUX_O_NOATIME)
        } catch  where error.errno == .notPermitted {
            return try openInRoot(path, flags)
        }
    }

    /// The target of a symbolic link.
    package func linkTarget(of name: FilePath) throws(SyscallError) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: 4096)
        let count = try check("readlinkat", name.string) {
            name.withPlatformString { path in
                target.withUnsafeMutableBufferPointer { buffer in
                    buffer.withMemoryRebound(to: CChar.self) { chars in
                        chars.baseAddress.map { readlinkat(number, path, $0, chars.count) } ?? -1
                    }
                }
            }
        }
        return Array(target[..<count])
    }
}

extension Folder {
    /// Opens a path below this folder on which no name is a link: nothing that is swapped in meanwhile leads elsewhere.
    ///
    /// `openat2` with `RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS`.
    package func openBeneath(_ path: FilePath, _ flags: Int32 = O_RDONLY) throws(SyscallError) -> OwnedDescriptor {
        let resolve = UInt(CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_SYMLINKS)
        let result = try checkShim("openat2", path.string) {
            path.withPlatformString { clinux_openat2(number, $0, UInt(flags | O_CLOEXEC), 0, resolve) }
        }
        return OwnedDescriptor(Int32(truncatingIfNeeded: result))
    }
}
