import Glibc

/// A file descriptor that is closed when its owner goes away: the one place in the project that closes any.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over an open descriptor.
    package init(_ number: Int32) { self.number = number }

    deinit { Glibc.close(number) }

    /// A second descriptor of the same open file.
    package func duplicate() throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(try check("fcntl(F_DUPFD_CLOEXEC)") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// Closes it here and now, where somebody else waits for that.
    package consuming func close() {
        let number = self.number
        discard self
        Glibc.close(number)
    }

    /// Gives the descriptor away; whoever takes it closes it.
    package consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }
}

extension OwnedDescriptor {
    /// How many descriptors the process may have open (RLIMIT_NOFILE).
    package static var limit: Int {
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        return limit < 0 ? .max : limit
    }

    /// A second descriptor of a standard stream, so that nobody closes the first.
    package static func standard(_ number: Int32) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("fcntl(F_DUPFD_CLOEXEC)", "standard stream \(number)") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }
}
