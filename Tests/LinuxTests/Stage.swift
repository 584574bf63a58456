import Glibc
import Linux
import SystemPackage
import Testing

extension Trait where Self == ConditionTrait {
    static var needsRoot: Self { .enabled(if: getuid() == 0, "needs root") }
}

/// A small root with the probe in it, and the folders of an overlay over it.
struct Stage: ~Copyable {
    let scratch: ScratchFolder
    let home: Folder
    var path: FilePath { scratch.path }

    init(_ folders: [FilePath] = ["base", "base/proc", "base/sys", "base/dev", "base/etc", "base/tmp"]) throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let home = try Folder(opening: scratch.path)
        for folder in folders + ["upper", "work", "empty"] { try home.makeFolder(folder) }
        try home.createFile("base/probe", mode: 0o755).write(Probe.program)
        self.scratch = scratch
        self.home = home
    }

    func write(_ name: FilePath, _ bytes: [UInt8], mode: UInt16 = 0o644) throws {
        try home.createFile(name, mode: mode).write(bytes)
    }

    func root() throws -> Mount {
        try Mount.overlay(lower: [path.appending("base")], upper: path.appending("upper"), work: path.appending("work"))
    }

    /// Runs the probe in the root and returns what it wrote.
    func probe(_ arguments: String..., isolation: Isolation = Isolation()) throws -> String {
        let plan = SpawnPlan(arguments: ["/probe"] + arguments, environment: ["PATH=/bin", "GREETING=hello"])
        return try output(of: plan, isolation).text
    }

    func output(
        of plan: SpawnPlan, _ isolation: Isolation = Isolation()
    ) throws -> (text: String, status: Linux.ExitStatus) {
        try home.removeTree("upper")
        try home.removeTree("work")
        try home.makeFolder("upper")
        try home.makeFolder("work")
        var pipe = try Pipe()
        let output = try pipe.takeWritingEnd()
        let streams = Streams(input: try Streams.null(), output: output, error: try Streams.null())
        let child = try ChildProcess(plan, in: try root(), isolation, streams)
        let text = try File(try pipe.reading.duplicate()).readAll(limit: 1 << 20)
        return (String(decoding: text, as: UTF8.self), try child.wait())
    }
}
