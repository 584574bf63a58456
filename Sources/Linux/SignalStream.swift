import CLinux
import Glibc

/// The signals of this process as a stream that can be waited for together with others, instead of what they would do.
package struct SignalStream: ~Copyable, Sendable {
    private let reading: OwnedDescriptor

    /// Takes the signals over from now on, for the life of the process. Call once.
    package init(of signals: [Int32]) throws(SyscallError) {
        var pipe = try Pipe()
        let writing = try pipe.takeWritingEnd()
        let (source, sink) = (pipe.reading.number, writing.number)
        for end in [source, sink] {
            try check("fcntl(F_SETFL)") { fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        }
        try checkShim("sigaction") { clinux_forward_signals(sink, signals, UInt(signals.count)) }
        // The handlers write to it until the process ends.
        _ = writing.release()
        reading = try pipe.reading.duplicate()
    }

    /// Readable when there is a signal.
    package var descriptor: Int32 { reading.number }

    /// The next signal that came; `nil` if there is none. Never waits.
    package func next() -> Int32? {
        var byte: UInt8 = 0
        return read(reading.number, &byte, 1) == 1 ? Int32(byte) : nil
    }
}
