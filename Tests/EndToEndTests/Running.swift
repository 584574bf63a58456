import Glibc
import Linux
import SystemPackage
import Testing

/// A program at work, whose standard error is read line by line as it comes.
///
/// Waiting is bounded everywhere: what hangs is killed, and the test says so.
final class Running {
    /// Far beyond what anything here takes on the slowest machine.
    static let patience: Double = 120

    struct Hang: Error {
        let arguments: [String]
        let error: String
    }

    let arguments: [String]
    let process: pid_t
    private let output: FilePath
    private let errors: OwnedDescriptor
    private let status: OwnedDescriptor
    private var child: ChildProcess?
    private var pending: [UInt8] = []
    private(set) var errorText = ""
    private var hasEnded = false

    /// Its folder goes with it.
    private let bench: Bench

    init(_ arguments: [String], on bench: Bench, in directory: FilePath, adding more: [String] = []) throws {
        var template = Array("\(bench.path)/output.XXXXXX".utf8CString)
        let number = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        try #require(number >= 0)
        output = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        var pipe = try Pipe()
        let streams = Streams(
            input: try Streams.null(), output: OwnedDescriptor(number), error: try pipe.takeWritingEnd())
        let plan = SpawnPlan(arguments: arguments, environment: bench.environment + more, directory: directory)
        let child = try ChildProcess(plan, streams)
        let facts = String(
            decoding: try File(opening: FilePath("/proc/self/fdinfo/\(child.descriptor)")).readAll(limit: 4096),
            as: UTF8.self)
        let line = facts.split(separator: "\n").first { $0.hasPrefix("Pid:") }
        process = try #require(line.flatMap { pid_t($0.dropFirst(4).drop { $0.isWhitespace }) })
        errors = try pipe.reading.duplicate()
        status = OwnedDescriptor(dup(child.descriptor))
        self.child = consume child
        self.arguments = arguments
        self.bench = bench
    }

    deinit { unlink(output.string) }

    /// The next line of standard error; `nil` at its end.
    func nextLine() throws -> String? {
        let deadline = now() + Self.patience
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                errorText += line + "\n"
                return line
            }
            if hasEnded { return nil }
            guard wait(for: errors.number, until: deadline) else { try giveUp() }
            fill()
        }
    }

    /// Reads lines until one fits, and returns it; `nil` if none did.
    func line(where fits: (String) -> Bool) throws -> String? {
        while let line = try nextLine() { if fits(line) { return line } }
        return nil
    }

    /// Waits so long, unless the program ends before.
    func pause(_ seconds: Double) {
        _ = wait(for: status.number, until: now() + seconds)
    }

    func signal(_ number: Int32) { Glibc.kill(process, number) }

    /// Waits for the end.
    func finish() throws -> Outcome {
        while try nextLine() != nil {}
        return try ended()
    }

    /// Waits for the end of the program itself, whoever else may still have its standard error.
    func ended() throws -> Outcome {
        guard wait(for: status.number, until: now() + Self.patience) else { try giveUp() }
        while !hasEnded, wait(for: errors.number, until: now()) { fill() }
        errorText += String(decoding: pending, as: UTF8.self)
        pending = []
        guard let child = child.take() else { throw ToolFailure(message: "waited for twice") }
        let status = try child.wait()
        let text = try File(opening: output).readAll(limit: 1 << 28)
        return Outcome(status: status, output: String(decoding: text, as: UTF8.self), error: errorText)
    }

    private func fill() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(errors.number, &buffer, buffer.count)
        if count <= 0 { hasEnded = true } else { pending += buffer[..<count] }
    }

    private func giveUp() throws -> Never {
        child = nil
        throw Hang(arguments: arguments, error: errorText + String(decoding: pending, as: UTF8.self))
    }

    private func now() -> Double { monotonicTime() }

    /// False if nothing came until then.
    private func wait(for descriptor: Int32, until deadline: Double) -> Bool {
        while true {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = max(0, deadline - now())
            let count = Glibc.poll(&poll, 1, Int32((left * 1000).rounded(.up)))
            if count > 0 { return true }
            if count == 0, now() >= deadline { return false }
        }
    }
}

/// Seconds since the machine started.
func monotonicTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
