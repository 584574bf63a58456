import Glibc
import Linux
import SystemPackage
import Testing

@Suite("Child process", .needsRoot) struct ChildProcessTests {
    @Test("An exit code comes back", arguments: [0, 1, 77, 255] as [Int32]) func exitCode(code: Int32) throws {
        let stage = try Stage()
        #expect(try stage.output(of: SpawnPlan(arguments: ["/probe", "exit", "\(code)"])).status == .exited(code))
    }

    @Test("A missing program is told from a missing directory") func missing() throws {
        let stage = try Stage()
        #expect(throws: SyscallError("execve", "/absent", .noSuchFileOrDirectory)) {
            try stage.output(of: SpawnPlan(arguments: ["/absent"]))
        }
        #expect(throws: SyscallError("chdir", "/absent", .noSuchFileOrDirectory)) {
            try stage.output(of: SpawnPlan(arguments: ["/probe"], directory: "/absent"))
        }
        try stage.write("base/script", Array("#!/absent\n".utf8), mode: 0o755)
        #expect(throws: SyscallError("execve", "interpreter of /script", .noSuchFileOrDirectory)) {
            try stage.output(of: SpawnPlan(arguments: ["/script"]))
        }
        try stage.write("base/data", [1, 2, 3], mode: 0o644)
        #expect(throws: SyscallError("execve", "/data", .permissionDenied)) {
            try stage.output(of: SpawnPlan(arguments: ["/data"]))
        }
    }

    @Test("A name without slash is looked up in the plan's PATH") func path() throws {
        let stage = try Stage()
        let plan = SpawnPlan(arguments: ["probe", "exit", "5"], environment: ["PATH=/nowhere::/"])
        #expect(try stage.output(of: plan).status == .exited(5))
    }

    @Test("A directory cannot be reached through descriptors") func directory() throws {
        let stage = try Stage()
        #expect(throws: SyscallError.self) {
            try stage.output(of: SpawnPlan(arguments: ["/probe"], directory: "/proc/self/fd/0/.."))
        }
        let plan = SpawnPlan(arguments: ["/probe", "self"], directory: "/etc")
        #expect(try stage.output(of: plan).text == "1 1 localhost /etc 22 0\n")
    }

    @Test("What the command leaves running ends with it") func leftovers() throws {
        let stage = try Stage()
        // The output ends only once nobody has it open any more.
        let result = try stage.output(of: SpawnPlan(arguments: ["/probe", "hang-twice"]))
        #expect(result.status == .exited(0))
    }

    @Test("A hanging command can be killed, and is when dropped") func kill() throws {
        let stage = try Stage()
        let child = try ChildProcess(
            SpawnPlan(arguments: ["/probe", "hang"]), in: try stage.root(), Isolation(), try Streams.none())
        try child.kill()
        #expect(try child.wait() == .signalled(SIGKILL))
    }

    @Test("A program of the host runs with the streams and environment it is given") func host() throws {
        var pipe = try Pipe()
        let output = try pipe.takeWritingEnd()
        let child = try ChildProcess(
            SpawnPlan(arguments: ["env"], environment: ["PATH=/usr/bin:/bin", "A=b"], directory: "/"),
            Streams(input: try Streams.null(), output: output, error: try Streams.null()))
        let text = try File(try pipe.reading.duplicate()).readAll(limit: 4096)
        #expect(text == Array("PATH=/usr/bin:/bin\nA=b\n".utf8))
        #expect(try child.wait().isSuccess)
        #expect(throws: SyscallError("execve", "absent", .noSuchFileOrDirectory)) {
            try ChildProcess(SpawnPlan(arguments: ["absent"]), try Streams.none()).wait()
        }
    }

    @Test("Arguments with a zero byte are refused") func zeroByte() throws {
        #expect(throws: SyscallError("execve", "a\0b", .invalidArgument)) {
            try ChildProcess(SpawnPlan(arguments: ["env", "a\0b"]), try Streams.none()).wait()
        }
    }
}
