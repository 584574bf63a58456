import CLinux
import Glibc

/// The wish to stop: of the user, by a signal, or of the program itself because something else failed.
///
/// A descriptor that can be waited for together with others becomes readable and stays so.
package struct Interruption: Sendable {
    /// Readable once somebody wants to stop. Open as long as the process lives.
    package let descriptor: Int32

    /// One that only `request` sets off.
    package init() throws(SyscallError) {
        descriptor = try checkShim("eventfd") { clinux_eventfd() }
    }

    /// One that SIGINT, SIGTERM and SIGHUP set off too, instead of ending the process. Call once.
    package static func ofSignals() throws(SyscallError) -> Interruption {
        let interruption = try Interruption()
        try checkShim("sigaction") { clinux_watch_signals(interruption.descriptor) }
        return interruption
    }

    /// Ends the process, with 128 and the signal, if it is still there so many seconds after the first signal: it may be
    /// in a call that nothing wakes, such as one that waits for somebody to open a FIFO. Call once.
    ///
    /// `words` are what it says then on standard error.
    package static func endProcess(secondsAfterSignal seconds: UInt32, saying words: String) throws(SyscallError) {
        let bytes = Array(words.utf8)
        try checkShim("sigaction") { clinux_end_after_signal(seconds, bytes, UInt(bytes.count)) }
    }

    /// The first signal that asked to stop; `nil` if none did.
    package static var signal: Int32? {
        let number = clinux_watched_signal()
        return number == 0 ? nil : number
    }

    package func request() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    package var isRequested: Bool { wait(milliseconds: 0) }

    /// Waits for the wish, but not longer than that; true if it is there.
    package func wait(milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) == 1
    }
}
