import Glibc
package import SystemPackage

/// A lock of flock(2), held until it is dropped. The kernel takes it back from whoever dies.
package struct FileLock: ~Copyable, Sendable {
    package enum Mode: Hashable, Sendable {
        /// With others who share it.
        case shared
        /// Alone.
        case exclusive

        fileprivate var operation: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
    }

    private let handle: OwnedDescriptor

    /// Waits until the lock can be had. The file is made if there is none.
    package init(_ path: FilePath, _ mode: Mode) throws(SyscallError) {
        let descriptor = try Self.open(path)
        let number = descriptor.number
        try check("flock", path.string) { flock(number, mode.operation) }
        handle = descriptor
    }

    /// Waits until the lock can be had on what a descriptor is open for, a folder too.
    package init(_ descriptor: consuming OwnedDescriptor, _ mode: Mode) throws(SyscallError) {
        let number = descriptor.number
        try check("flock") { flock(number, mode.operation) }
        handle = descriptor
    }

    /// The status of what is locked: its name may be gone, or belong to another file, by the time the lock is had.
    package func status() throws(SyscallError) -> FileStatus {
        var status = stat()
        try check("fstat") { fstat(handle.number, &status) }
        return FileStatus(status)
    }

    /// The lock, or `nil` if somebody holds it who would have to give it up first.
    package static func attempt(_ path: FilePath, _ mode: Mode) throws(SyscallError) -> FileLock? {
        try attempt(try open(path), mode, path.string)
    }

    /// The same for what a descriptor is open for, a folder too. The lock belongs to everyone who shares the
    /// descriptor's open file, and is given back for all of them.
    package static func attempt(
        _ descriptor: consuming OwnedDescriptor, _ mode: Mode, _ subject: String = ""
    ) throws(SyscallError) -> FileLock? {
        let number = descriptor.number
        do throws(SyscallError) {
            try check("flock", subject) { flock(number, mode.operation | LOCK_NB) }
        } catch  where error.errno == .wouldBlock {
            return nil
        }
        return FileLock(holding: descriptor)
    }

    /// A child that is being started has copies of all descriptors until its program begins: to close ours alone would
    /// leave the lock with it for that long.
    deinit { _ = flock(handle.number, LOCK_UN) }

    private init(holding descriptor: consuming OwnedDescriptor) {
        handle = descriptor
    }

    private static func open(_ path: FilePath) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("open", path.string) {
                path.withPlatformString { Glibc.open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
            })
    }
}
