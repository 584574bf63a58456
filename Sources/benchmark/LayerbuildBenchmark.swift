import ArgumentParser
import Glibc
import Linux
import SystemPackage

/// The command's arguments, and the run as a whole.
@main struct LayerbuildBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layerbuild-benchmark",
        abstract: "Measures layerbuild beside plain tools and other builders, in turns.",
        discussion: """
            Everything happens on a fresh journaled ext4 file system that goes away at the end. Needs root, and \
            mkfs.ext4, bsdtar, tar, zstd and igzip (or pigz); without --base also busybox-static.

            Workloads:
            \(Workload.allCases.map { "  \($0.rawValue)\t\($0.title)" }.joined(separator: "\n"))
            """)

    @Option(help: "The layerbuild to measure.") var layerbuild = ".build/release/layerbuild"
    @Option(help: "How often everything is run.") var rounds = 10
    @Option(help: "The tarball of a root file system with a shell to build on, instead of a busybox.") var base: String?
    @Option(
        help: "The tarball of a Debian root file system with apt, as Recipes/debian/prepare makes it, for w5 and w5i.")
    var debian: String?
    @Option(help: "The folder for the file system; also its room is needed.") var scratch = "/var/tmp"
    @Option(help: "The size of the file system, in gigabytes.") var size = 24
    @Option(help: "Other builders to measure if they are installed: buildah, podman.") var peer: [String] = []
    @Option(help: "What generated files and the order in each round are made from.") var seed: UInt64 = 1
    @Flag(help: "Print one JSON document instead of tables.") var json = false
    @ArgumentParser.Argument(help: "The workloads, or all of them.") var workloads: [Workload] = []

    func validate() throws {
        if rounds < 1 { throw ValidationError("`--rounds` takes a number from 1") }
        if size < 1 { throw ValidationError("`--size` takes a number from 1") }
    }

    func run() throws {
        umask(0o022)
        let interruption = try Interruption.ofSignals()
        let program = try absolute(layerbuild)
        let parent = try absolute(scratch)
        let bases = (given: try base.map(absolute), debian: try debian.map(absolute))
        let bed = try TestBed(in: parent, gigabytes: size, interruption: interruption)
        let results = Result { try measure(program, bases, on: bed) }
        try bed.remove()
        if let signal = Interruption.signal { throw ExitCode(128 + signal) }
        if try results.get().contains(where: \.hasFailures) { throw ExitCode(1) }
    }

    private func measure(
        _ program: FilePath, _ bases: (given: FilePath?, debian: FilePath?), on bed: borrowing TestBed
    ) throws -> [WorkloadResult] {
        let machine = try Machine()
        if !json { try say(machine.description + "\n\n", to: 1) }
        var suite = try Suite(
            on: bed, program: program, base: bases.given, debian: bases.debian, peers: peer, rounds: rounds, seed: seed)
        var results: [WorkloadResult] = []
        let all = Workload.allCases.filter { !$0.needsDebian || bases.debian != nil }
        for workload in workloads.isEmpty ? all : workloads {
            let result = try suite.run(workload, on: bed) { try say("\($0)\n", to: 2) }
            if !json { try say(TableReport().text(result) + "\n", to: 1) }
            results.append(result)
        }
        if json { try say(JSONReport().text(results, on: machine), to: 1) }
        return results
    }

    /// A path that means the same in any folder; the file must exist.
    private func absolute(_ path: String) throws -> FilePath {
        guard let resolved = realpath(path, nil) else {
            throw ValidationError("`\(path)`: \(Errno(rawValue: errno))")
        }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }

    private func say(_ text: String, to descriptor: Int32) throws {
        try Array(text.utf8).withUnsafeBytes { try File.write($0, to: descriptor) }
    }
}
