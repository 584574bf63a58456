import Glibc
import Linux
import SystemPackage

/// Carries a command's output to whoever listens until the command has ended, and ends it when it has to be.
struct LogPump {
    /// How it came that the pump stopped.
    enum Ending {
        case ended
        case interrupted
        case timedOut
    }

    let interruption: Interruption
    /// In seconds; `nil` is for ever.
    let timeout: Int?

    /// The end of the output, for the error if there is one.
    private(set) var tail = OutputTail()

    init(interruption: Interruption, timeout: Int?) {
        self.interruption = interruption
        self.timeout = timeout
    }

    typealias Listener = ([UInt8], OutputStream) -> Void

    /// Returns when the process has ended, or has been killed.
    mutating func run(
        _ process: borrowing ChildProcess, _ output: borrowing OwnedDescriptor, _ error: borrowing OwnedDescriptor,
        to listener: Listener
    ) throws(SyscallError) -> Ending {
        let clock = ContinuousClock()
        let deadline = timeout.map { clock.now + .seconds($0) }
        var polled = [process.descriptor, output.number, error.number, interruption.descriptor]
            .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let left = deadline.map { max(0, Int32(clamping: Int(clock.now.duration(to: $0).seconds * 1000) + 1)) }
            if poll(&polled, nfds_t(polled.count), left ?? -1) < 0, errno != EINTR {
                throw SyscallError("poll", "", Errno(rawValue: errno))
            }
            for (index, stream) in [(1, OutputStream.standardOutput), (2, .standardError)]
            where polled[index].revents != 0 {
                if try !read(polled[index].fd, stream, listener) { polled[index].fd = -1 }
            }
            if polled[3].revents != 0 { return try stop(process, .interrupted) }
            if polled[0].revents != 0 { break }
            if let deadline, clock.now >= deadline { return try stop(process, .timedOut) }
        }
        try drain(output.number, .standardOutput, listener)
        try drain(error.number, .standardError, listener)
        return .ended
    }

    private func stop(_ process: borrowing ChildProcess, _ ending: Ending) throws(SyscallError) -> Ending {
        try process.kill()
        return ending
    }

    /// Reads what is left in a pipe. Everybody who could write to it has ended with the command.
    private mutating func drain(
        _ descriptor: Int32, _ stream: OutputStream, _ listener: Listener
    ) throws(SyscallError) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&polled, 1, 0) == 1, try read(descriptor, stream, listener) {}
    }

    /// Passes on one piece; false at the end of the stream.
    private mutating func read(
        _ descriptor: Int32, _ stream: OutputStream, _ listener: Listener
    ) throws(SyscallError) -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
        guard !piece.isEmpty else { return false }
        tail.append(piece)
        listener(piece, stream)
        return true
    }
}

/// The last lines of an output.
struct OutputTail: Sendable {
    private static let lineLimit = 20
    private static let byteLimit = 8192

    private var bytes: [UInt8] = []

    mutating func append(_ piece: [UInt8]) {
        bytes.append(contentsOf: piece.suffix(Self.byteLimit))
        if bytes.count > 2 * Self.byteLimit { bytes.removeFirst(bytes.count - Self.byteLimit) }
    }

    var lines: [String] {
        bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
            .suffix(Self.lineLimit).map { String(decoding: $0, as: UTF8.self) }
    }
}
