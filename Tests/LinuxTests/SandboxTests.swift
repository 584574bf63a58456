import Glibc
import Linux
import SystemPackage
import Testing

@Suite("Sandbox", .needsRoot) struct SandboxTests {
    @Test("The command is process 1, with its own name, environment and directory") func surroundings() throws {
        let stage = try Stage()
        var isolation = Isolation()
        isolation.hostName = "builder"
        #expect(try stage.probe("self", isolation: isolation) == "1 1 builder / 22 0\nhello\n")
        #expect(try stage.probe("print", "/proc/1/comm") == "probe\n")
    }

    @Test("A user that is not 0 gets its groups and no capabilities") func user() throws {
        let stage = try Stage()
        var isolation = Isolation()
        isolation.user = 1000
        isolation.group = 1001
        isolation.supplementaryGroups = [7, 9]
        let status = try fields(of: stage.probe("print", "/proc/self/status", isolation: isolation))
        #expect(status["Uid"] == "1000 1000 1000 1000")
        #expect(status["Gid"] == "1001 1001 1001 1001")
        #expect(status["Groups"] == "7 9")
        #expect(status["CapEff"] == "0000000000000000")
        #expect(status["CapPrm"] == "0000000000000000")
        #expect(status["CapBnd"] == "00000000a80425fb")
    }

    @Test("User 0 keeps the usual capabilities, and the filter is on") func capabilities() throws {
        let stage = try Stage()
        let status = try fields(of: stage.probe("print", "/proc/self/status"))
        #expect(status["CapEff"] == "00000000a80425fb")
        #expect(status["CapPrm"] == "00000000a80425fb")
        #expect(status["CapBnd"] == "00000000a80425fb")
        #expect(status["CapInh"] == "0000000000000000")
        #expect(status["CapAmb"] == "0000000000000000")
        #expect(status["Groups"] == "")
        #expect(status["Seccomp"] == "2")
        #expect(status["NoNewPrivs"] == "0")
        #expect(status["SigBlk"] == "0000000000000000")
        #expect(status["SigIgn"] == "0000000000000000")
    }

    @Test("Only the three streams are open") func descriptors() throws {
        let stage = try Stage()
        let inherited = open("/etc", O_RDONLY)
        defer { close(inherited) }
        // The fourth is the one with which the probe reads the folder.
        #expect(try stage.probe("list", "/proc/self/fd") == "0\n1\n2\n3\n")
    }

    @Test("Climbing out of a chroot inside leads to the step's own root") func escape() throws {
        let stage = try Stage()
        let names = try stage.probe("escape").split(separator: "\n")
        #expect(names == ["dev", "etc", "probe", "proc", "sub", "sys", "tmp"])
    }

    @Test("Calls that no build needs are refused, and unknown ones do not exist") func calls() throws {
        let stage = try Stage()
        let outcomes = try stage.probe("calls").split(separator: "\n")
        for call in ["keyctl", "bpf", "userfaultfd", "io_uring_setup", "open_by_handle_at", "mount", "unshare"] {
            #expect(outcomes.contains("\(call) EPERM"))
        }
        for call in ["alg", "vsock", "clone"] { #expect(outcomes.contains("\(call) EPERM")) }
        #expect(outcomes.contains("inet ok"))
        for call in ["clone3", "later"] { #expect(outcomes.contains("\(call) ENOSYS")) }
        #expect(!outcomes.contains("fchmodat2 EPERM"))
    }

    @Test("Only the six device nodes work, and nodes that the command makes do not") func devices() throws {
        let stage = try Stage()
        let outcomes = try stage.probe("nodes").split(separator: "\n")
        #expect(outcomes == ["dev EACCES", "root EACCES", "null ok", "zero ok", "pty ok", "host ENOENT"])
        let names = try stage.probe("list", "/dev").split(separator: "\n")
        #expect(
            names == [
                "core", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
                "tty", "urandom", "zero",
            ])
    }

    @Test("What tells about the machine is masked, what changes it is read-only") func maskedPaths() throws {
        let stage = try Stage()
        #expect(try stage.probe("print", "/proc/interrupts") == "")
        #expect(try stage.probe("print", "/proc/timer_list") == "")
        #expect(try stage.probe("list", "/sys/firmware") == "")
        #expect(try stage.probe("write", "/proc/sys/kernel/hostname") == "EROFS\n")
        #expect(try stage.probe("write", "/sys/kernel/profiling") == "EROFS\n")
    }

    @Test("Without a network there is loopback, and it is up") func network() throws {
        let stage = try Stage()
        var isolation = Isolation()
        isolation.network = .loopback
        #expect(try stage.probe("loopback", isolation: isolation) == "up\nlo\n")
    }

    @Test("Mount points that the image made links lead nowhere else") func linkedMountPoints() throws {
        let stage = try Stage(["base", "base/a", "base/a/proc", "base/sys", "base/dev", "base/tmp"])
        try stage.home.makeLink("base/proc", target: Array("/../a/../../a/proc".utf8))
        try stage.home.makeLink("base/etc", target: Array("/../../../../../tmp".utf8))
        #expect(try stage.probe("print", "/proc/1/comm") == "probe\n")
        #expect(try stage.probe("print", "/a/proc/interrupts") == "")

        var isolation = Isolation()
        let memory = try Mount.memory()
        let marker = try memory.folder().createFile("marker")
        try marker.write(Array("seen".utf8))
        isolation.attachments = [Isolation.Attachment(memory, at: "/etc")]
        #expect(try stage.probe("print", "/tmp/marker", isolation: isolation) == "seen")
    }

    @Test("Attachments show the host's files, a part of a mount, and keep their attributes") func attachments() throws {
        let stage = try Stage()
        try stage.write("hosts", Array("127.0.0.1 here\n".utf8))
        try stage.write("base/etc/hosts", [])
        try stage.home.makeFolder("other")
        try stage.home.makeFolder("other/inner")
        try stage.write("other/inner/file", Array("inner\n".utf8))
        func isolation() throws -> Isolation {
            var isolation = Isolation()
            isolation.attachments = [
                Isolation.Attachment(try Mount.bind(stage.path.appending("hosts"), [.readOnly]), at: "/etc/hosts"),
                Isolation.Attachment(try Mount.bind(stage.path.appending("other")), part: "../inner", at: "/tmp"),
            ]
            return isolation
        }
        #expect(try stage.probe("print", "/etc/hosts", isolation: try isolation()) == "127.0.0.1 here\n")
        #expect(try stage.probe("write", "/etc/hosts", isolation: try isolation()) == "EROFS\n")
        #expect(try stage.probe("print", "/tmp/file", isolation: try isolation()) == "inner\n")
        #expect(try stage.probe("write", "/tmp/new", isolation: try isolation()) == "ok\n")
        #expect(try stage.home.status(of: "other/inner/new") != nil)
    }

    @Test("A target that does not exist is named") func missingTarget() throws {
        let stage = try Stage()
        var isolation = Isolation()
        isolation.attachments = [Isolation.Attachment(try Mount.memory(), at: "/absent")]
        #expect(throws: SyscallError("openat2", "/absent", .noSuchFileOrDirectory)) {
            try stage.probe("exit", "0", isolation: isolation)
        }
    }

    @Test("Nothing of a step's mounts is seen outside") func mountsStayInside() throws {
        let stage = try Stage()
        func mounts() throws -> [UInt8] { try File(opening: "/proc/self/mountinfo").readAll(limit: 1 << 20) }
        let before = try mounts()
        _ = try stage.probe("nodes")
        #expect(try mounts() == before)
    }

    private func fields(of status: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = parts[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return fields
    }
}
