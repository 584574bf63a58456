import Glibc
import Linux
import SystemPackage

/// Carries keys from this process's terminal to a command's, and what the command shows back.
struct TerminalRelay: ~Copyable {
    private let terminal: PseudoTerminal
    private let input: ContainerRequest.Input
    /// Keys that the command's terminal has not taken yet.
    private var keys: [UInt8] = []
    /// True if the last key has not ended its line.
    private var isWithinLine = false

    init(_ terminal: consuming PseudoTerminal, _ input: ContainerRequest.Input) {
        self.terminal = terminal
        self.input = input
    }

    /// Returns when the process has ended and everything it showed has been passed on; or the signal that ended it, if
    /// we had to do that for it.
    mutating func run(
        _ process: borrowing ChildProcess, _ signals: borrowing SignalStream
    ) throws(SyscallError) -> Int32? {
        var polled = [process.descriptor, signals.descriptor, STDIN_FILENO, terminal.controller.number]
            .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var isReading = input == .passed
        while true {
            // Keys are read only when the last ones are gone.
            polled[2].fd = isReading && keys.isEmpty ? STDIN_FILENO : -1
            polled[3].events = Int16(keys.isEmpty ? POLLIN : POLLIN | POLLOUT)
            if poll(&polled, nfds_t(polled.count), -1) < 0, errno != EINTR {
                throw SyscallError("poll", "", Errno(rawValue: errno))
            }
            while let signal = signals.next() {
                if signal == SIGWINCH { try fit() } else if try process.forward(signal) { return signal }
            }
            if polled[2].revents != 0 {
                keys = Self.read(STDIN_FILENO)
                if keys.isEmpty {
                    isReading = false
                    keys = endOfInput
                } else {
                    isWithinLine = ![UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(keys[keys.count - 1])
                }
            }
            if polled[3].revents & Int16(POLLIN) != 0 { try show() }
            if polled[3].revents & Int16(POLLOUT) != 0 { typeKeys() }
            // Nobody has the command's side open any more.
            if polled[3].revents & Int16(POLLHUP) != 0 { polled[3].fd = -1 }
            if polled[0].revents != 0 { break }
        }
        while try show() {}
        return nil
    }

    /// What tells the command's terminal that nothing more will be typed. Within a line the key only hands over what has
    /// been typed so far, and ends the input when it is pressed again.
    private var endOfInput: [UInt8] {
        guard let key = terminal.endKey else { return [] }
        return [UInt8](repeating: key, count: isWithinLine ? 2 : 1)
    }

    /// Makes the command's terminal as large as the one it is shown on.
    func fit() throws(SyscallError) {
        let shown = Terminal(STDOUT_FILENO) ?? Terminal(STDIN_FILENO)
        if let size = shown?.size { try terminal.resize(size) }
    }

    /// Passes on one piece of what the command shows; false if there is none.
    @discardableResult
    private func show() throws(SyscallError) -> Bool {
        let piece = Self.read(terminal.controller.number)
        guard !piece.isEmpty else { return false }
        try piece.withUnsafeBufferPointer { bytes throws(SyscallError) in
            try File.write(UnsafeRawBufferPointer(bytes), to: STDOUT_FILENO)
        }
        return true
    }

    private mutating func typeKeys() {
        let taken = write(terminal.controller.number, keys, keys.count)
        if taken > 0 { keys.removeFirst(taken) }
    }

    /// Up to 64 KiB; nothing at the end, or if there is nothing now.
    private static func read(_ descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
    }
}
