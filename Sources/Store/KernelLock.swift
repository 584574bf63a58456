import Glibc
import Linux
import SystemPackage

/// A lock on an open file that the kernel takes back when its owner goes away, killed or not (`flock`).
struct KernelLock: ~Copyable, Sendable {
    /// Who else may hold it at the same time.
    enum Mode {
        case shared
        case exclusive
    }

    let file: File

    private init(_ file: consuming File) { self.file = file }

    /// Waits for the lock.
    static func waiting(for file: consuming File, _ mode: Mode) throws(SyscallError) -> KernelLock {
        try lock(file, mode == .shared ? LOCK_SH : LOCK_EX)
        return KernelLock(file)
    }

    /// The lock if nobody has it; `nil` otherwise.
    static func ifFree(_ file: consuming File, _ mode: Mode) throws(SyscallError) -> KernelLock? {
        do throws(SyscallError) {
            try lock(file, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB)
        } catch  where error.errno == .wouldBlock {
            return nil
        }
        return KernelLock(file)
    }

    private static func lock(_ file: borrowing File, _ operation: Int32) throws(SyscallError) {
        while flock(file.number, operation) == -1 {
            let errno = Errno(rawValue: Glibc.errno)
            if errno != .interrupted { throw SyscallError("flock", "", errno) }
        }
    }
}
