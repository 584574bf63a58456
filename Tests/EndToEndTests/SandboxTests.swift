import Glibc
import SystemPackage
import Testing

@Suite("A step in its sandbox", .needsRoot)
struct SandboxTests {
    /// A bench with the intruder in its context, and a file that no step may reach.
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/intruder", try Intruder.program(), mode: 0o755)
        try bench.write("canary", "sings")
        return bench
    }

    /// A recipe that runs the intruder; the paths it is told are the host's.
    private func recipe(_ command: String, on bench: Bench) -> String {
        """
        FROM busybox
        COPY intruder /intruder
        RUN CANARY=\(bench.appending("canary")) /intruder \(command)
        """
    }

    /// What the intruder said of each door.
    private func doors(_ outcome: Outcome) -> [String] {
        outcome.lines.filter { $0.hasSuffix(" shut") || $0.contains(" OPEN ") }.map { line in
            line.split(separator: " ").dropFirst(line.hasPrefix("#") ? 2 : 0).joined(separator: " ")
        }
    }

    @Test("finds every door shut")
    func doors() throws {
        let bench = try bench()
        var root = stat()
        #expect(stat("/", &root) == 0)
        let outcome = try bench.build(recipe("all \(getpid()) \(root.st_dev)", on: bench))
        try expectSuccess(outcome)
        let doors = doors(outcome)
        #expect(doors.count >= 56, "\(outcome)")
        let open = doors.filter { !$0.hasSuffix(" shut") }
        #expect(open.isEmpty)
        #expect(try bench.read("canary") == Array("sings".utf8))
        #expect(access("/sub", F_OK) != 0)
    }

    @Test("would be noticed if a door were open")
    func control() throws {
        let bench = try bench()
        let environment = ["CANARY=\(bench.appending("canary"))"]
        let program = bench.appending("context/intruder").string
        let outcome = try Running([program, "reach"], on: bench, in: bench.path, adding: environment).finish()
        #expect(outcome.output.contains("canary OPEN") && outcome.output.contains("secret OPEN"), "\(outcome)")
    }

    @Test("sees nothing of the caller's environment")
    func environment() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nRUN env; cat /proc/*/environ; cat /proc/*/cmdline; set\n")
        try expectSuccess(outcome)
        #expect(!outcome.error.contains(Bench.secret), "\(outcome)")
        let found = try bench.shell("grep -rlF '\(Bench.secret)' store || true")
        #expect(found.isEmpty)
    }

    @Test("reaches no socket of the host with `--network=none`", arguments: ["command line", "recipe"])
    func network(from place: String) throws {
        let bench = try bench()
        let name = "layerbuild-try-\(getpid())-\(place.count)"
        let inet = try Listener()
        let local = try Listener(abstract: name)
        try withExtendedLifetime((inet, local)) {
            let environment = ["CANARY=x"]
            let program = bench.appending("context/intruder").string
            let words = ["network", "\(inet.port)", name]
            let host = try Running([program] + words, on: bench, in: bench.path, adding: environment).finish()
            #expect(host.output.contains("inet OPEN") && host.output.contains("abstract OPEN"), "\(host)")

            let recipe = recipe(words.joined(separator: " "), on: bench)
            let isRecipe = place == "recipe"
            let outcome =
                try isRecipe
                ? bench.build(recipe.replacing("RUN ", with: "RUN --network=none "))
                : bench.build(recipe, "--network=none")
            try expectSuccess(outcome)
            #expect(doors(outcome) == ["inet shut", "abstract shut", "outside shut"], "\(outcome)")
        }
    }

    @Test("cannot lift the bound that the command line sets")
    func bound() throws {
        let bench = try bench()
        let outcome = try bench.build("FROM busybox\nRUN --network=host ls /sys/class/net\n", "--network=none")
        if outcome.exitCode == 0 {
            #expect(!outcome.error.contains("eth"), "\(outcome)")
        } else {
            expectFailure(outcome, exit: 2, saying: "network")
        }
    }

    @Test("takes along what it leaves running, without being held up by it")
    func leftovers() throws {
        let bench = try bench()
        let mark = "layerbuild-linger-\(getpid())"
        let recipe = recipe("linger \(mark)", on: bench) + "\nRUN echo after\n"
        try expectSuccess(try bench.build(recipe))
        #expect(try Traces.survivors(marked: mark).isEmpty)
        #expect(try Traces.mounts(below: bench.path).isEmpty)
    }

    @Test("is not fooled by a base whose folders are links to elsewhere")
    func links() throws {
        let bench = try bench()
        try bench.shell("mkdir outside; echo untouched >outside/hosts")
        let outside = bench.appending("outside")
        let base = """
            FROM busybox
            RUN ln -s \(outside) /door; rm -f /etc/hosts /etc/resolv.conf; ln -s \(outside)/hosts /etc/hosts; \\
                ln -s /etc/shadow /etc/resolv.conf; rm -rf /mnt; ln -s / /mnt
            WORKDIR /door/room
            RUN echo in >/door/room/file; echo changed >/door/new || true
            COPY intruder /mnt/\(outside)/copied
            """
        let outcome = try bench.build(base)
        #expect(outcome.exitCode == 0 || outcome.errorLine != nil, "\(outcome)")
        #expect(try bench.names(in: "outside") == ["hosts"])
        #expect(try bench.read("outside/hosts") == Array("untouched\n".utf8))
    }
}
