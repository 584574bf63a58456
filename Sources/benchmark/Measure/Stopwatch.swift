import Glibc
package import Linux
package import SystemPackage

/// Runs commands one at a time, and says what each cost.
package struct Stopwatch: Sendable {
    /// What all commands find in their environment; nothing of the caller's gets in.
    private static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
        "BUILDAH_ISOLATION=oci",
    ]

    /// Where commands write what nobody reads unless they fail.
    private let log: FilePath
    private let interruption: Interruption

    package init(log: FilePath, interruption: Interruption) {
        self.log = log
        self.interruption = interruption
    }

    /// True once somebody wants to stop; the command that runs is ended then.
    package var isInterrupted: Bool { interruption.isRequested }

    /// Runs a command that is not timed.
    package func run(_ command: Command) throws {
        _ = try measure(command)
    }

    /// Runs a command; one that does not end with 0 is an error that quotes its last words.
    package func measure(_ command: Command, output: FilePath? = nil) throws -> Sample {
        let file = try File(opening: log, O_RDWR | O_CREAT | O_TRUNC | O_APPEND)
        let streams = Streams(
            input: try Streams.null(), output: try file.handle.duplicate(), error: try file.handle.duplicate())
        let plan = SpawnPlan(arguments: command.arguments, environment: Self.environment + command.environment)
        let start = Self.now()
        let child = try ChildProcess(plan, streams)
        try waitUntilEnded(child.descriptor)
        let (status, usage) = try child.waitForUsage()
        let seconds = Self.now() - start
        guard status.isSuccess else {
            let words = command.arguments.joined(separator: " ")
            throw BenchmarkError("\(words): status \(status.shellCode)\n\(try lastWords(file))")
        }
        return Sample(
            wallSeconds: seconds, processorSeconds: usage.processorSeconds, peakMemory: usage.peakMemory,
            outputSize: try output.map { try File(opening: $0).status().size })
    }

    private func waitUntilEnded(_ process: Int32) throws {
        var polls = [process, interruption.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&polls, 2, -1) < 0, errno == EINTR {}
        if polls[1].revents != 0 { throw BenchmarkError("stopped by a signal") }
    }

    private func lastWords(_ file: borrowing File) throws -> String {
        try file.seek(to: max(0, try file.status().size - 2000))
        return String(decoding: try file.readAll(limit: 4096), as: UTF8.self)
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
