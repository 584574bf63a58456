import Glibc
import SystemPackage

/// Standard output or standard error, for text.
struct Console: Sendable {
    static let output = Console(descriptor: STDOUT_FILENO)
    static let error = Console(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// Writes all of it; false if nobody takes it: the reader is gone or its disk is full.
    @discardableResult
    func write(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if !mayTryAgain(errno) {
                    return false
                }
            }
            return true
        }
    }

    /// Writes what the caller waits for. A reader who went away did not want it; a full disk is an error.
    func tell(_ text: String) throws(Failure) {
        guard !write(text), errno != EPIPE else { return }
        throw Failure(.exhausted, "output", "standard output takes nothing more: \(Errno(rawValue: errno))")
    }

    /// Waits if somebody made the descriptor non-blocking.
    private func mayTryAgain(_ error: Int32) -> Bool {
        guard error == EAGAIN else { return error == EINTR }
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, -1) >= 0 || errno == EINTR
    }
}
