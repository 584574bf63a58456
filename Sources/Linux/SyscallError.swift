import Glibc
package import SystemPackage

/// A system call that did not work: which, on what, and why.
package struct SyscallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, as its manual page has it.
    package let call: String
    /// The path or object it was about; empty if there is none.
    package let subject: String
    package let errno: Errno

    package init(_ call: String, _ subject: String = "", _ errno: Errno) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }

    package init(_ call: String, _ path: FilePath, _ errno: Errno) {
        self.init(call, path.string, errno)
    }

    package var description: String {
        subject.isEmpty ? "\(call): \(errno)" : "\(call) \(subject): \(errno)"
    }
}

/// Runs a call that returns -1 and sets `errno`, again when a signal interrupted it.
///
/// `subject` is evaluated only for an error.
@discardableResult
func check<Result: SignedInteger>(
    _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Result
) throws(SyscallError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let errno = Errno(rawValue: Glibc.errno)
        if errno != .interrupted { throw SyscallError(call, subject(), errno) }
    }
}

/// Runs one of the shim's calls, which return a negated `errno`.
@discardableResult
func checkShim<Result: SignedInteger>(
    _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Result
) throws(SyscallError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let errno = Errno(rawValue: CInt(truncatingIfNeeded: -result))
        if errno != .interrupted { throw SyscallError(call, subject(), errno) }
    }
}
