import Glibc
import Linux
import Testing

@Suite("layerbuild run", .needsRoot)
struct ContainerTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
    }

    private func run(_ arguments: String...) throws -> Outcome { try bench.start(["run"] + arguments).finish() }

    // MARK: - The command

    @Test("A command's output and exit code are its own")
    func endings() throws {
        let outcome = try run("busybox", "sh", "-c", "echo said; echo wrong >&2; exit 7")
        #expect(outcome.output == "said\n")
        #expect(outcome.error == "wrong\n")
        #expect(outcome.status == .exited(7))
    }

    @Test("An image without a name is run by its digest, and one that is not there is asked of nobody")
    func digest() throws {
        let digest = try expectSuccess(try bench.build("FROM busybox\nCOPY <<END /made\nmade\nEND\n"))
        #expect(try bench.layerbuild("run", digest, "cat", "/made").output == "made\n")
        let other = "sha256:" + String(repeating: "0", count: 64)
        expectFailure(try bench.layerbuild("run", other, "true"), exit: 3, saying: other)
        expectFailure(try bench.layerbuild("import", "oci:../nowhere"), exit: 3, saying: "no-source", "nowhere")
    }

    @Test("Words behind the image are the command's, whatever they look like")
    func passthrough() throws {
        #expect(try run("busybox", "echo", "-n", "--read-only", "-t").output == "--read-only -t")
    }

    @Test("The command is process 1 of a root with hostname, hosts and resolv.conf, and sees nothing of the host")
    func root() throws {
        let outcome = try run(
            "--hostname", "shop", "busybox", "sh", "-c",
            "echo $$; hostname; grep -c shop /etc/hosts; test -e /etc/resolv.conf && echo there; env | grep -c HOSTSECRET"
        )
        #expect(outcome.output == "1\nshop\n1\nthere\n0\n")
    }

    @Test("What a command changes is gone with it, and the image stays as it was")
    func forgotten() throws {
        #expect(try run("busybox", "sh", "-c", "echo x >/made; rm /bin/vi").exitCode == 0)
        #expect(try run("busybox", "sh", "-c", "test -e /made || test -L /bin/vi && echo same").output == "same\n")
    }

    @Test("Volumes show this machine's files, and :ro keeps them as they are")
    func volumes() throws {
        try bench.write("files/in", "in\n")
        let script = "cat /a/b/in; echo out >/a/b/out; echo no >/ro/out || echo refused"
        let outcome = try run(
            "-v", "../files:/a/b", "-v", "../files:/ro:ro", "busybox", "sh", "-c", script)
        #expect(outcome.output == "in\nrefused\n")
        #expect(try bench.read("files/out") == Array("out\n".utf8))
    }

    @Test("A read-only root takes nothing")
    func readOnly() throws {
        #expect(try run("--read-only", "busybox", "touch", "/made").exitCode == 1)
    }

    @Test("User, folder, variables and network are what is asked for")
    func flags() throws {
        let outcome = try run(
            "-u", "nobody", "-w", "/new/folder", "-e", "A=b", "-e", "HOSTSECRET", "--network", "none", "busybox", "sh",
            "-c", "id -u; pwd; echo $A; echo $HOSTSECRET; ls /sys/class/net")
        #expect(outcome.output == "65534\n/new/folder\nb\n\(Bench.secret)\nlo\n")
    }

    @Test("Standard input reaches the command only if it is asked for")
    func input() throws {
        let program = Bench.program
        #expect(try bench.shell("cd context; echo hello | '\(program)' run -i busybox cat") == "hello")
        #expect(try bench.shell("cd context; echo hello | '\(program)' run busybox cat") == "")
    }

    // MARK: - Signals

    @Test("A signal reaches a command that has a handler for it")
    func handledSignal() throws {
        let running = try bench.start(
            ["run", "busybox", "sh", "-c", "trap 'exit 9' TERM; echo ready >&2; while :; do sleep 1; done"])
        _ = try running.line { $0 == "ready" }
        running.signal(SIGTERM)
        #expect(try running.finish().status == .exited(9))
    }

    @Test("A signal ends a command that has no handler for it, though it is process 1")
    func unhandledSignal() throws {
        let running = try bench.start(["run", "busybox", "sh", "-c", "echo ready >&2; exec sleep 1000"])
        _ = try running.line { $0 == "ready" }
        running.signal(SIGTERM)
        #expect(try running.finish().exitCode == 128 + SIGTERM)
    }

    @Test("A command dies with its builder, and nothing is left of it")
    func killed() throws {
        let running = try bench.start(["run", "busybox", "sh", "-c", "echo ready >&2; exec sleep 1000"])
        _ = try running.line { $0 == "ready" }
        running.signal(SIGKILL)
        // The command has the other end of the pipe: at its end it is gone.
        _ = try running.finish()
        #expect(try run("busybox", "true").exitCode == 0)
        #expect(try bench.scratch().isEmpty)
    }

    @Test("Nothing is left behind by many containers")
    func nothingLeft() throws {
        for _ in 0..<20 { #expect(try run("busybox", "touch", "/made").exitCode == 0) }
        #expect(try bench.scratch().isEmpty)
        #expect(try bench.shell("grep -c '\(bench.root)' /proc/self/mountinfo || true") == "0")
    }

    // MARK: - Kept containers

    @Test("A kept container becomes an image: its base with what the command changed, and nothing that was mounted")
    func commit() throws {
        try bench.write("files/in", "in\n")
        let script = "mkdir -p /a/b; echo x >/a/b/c; rm /bin/vi; touch /volume/here/out"
        let kept = try run("--name", "web", "-v", "../files:/volume/here", "busybox", "sh", "-c", script)
        #expect(kept.exitCode == 0, "\(kept)")
        try expectSuccess(try bench.layerbuild("commit", "web", "-t", "web:1"))
        let check = "cat /a/b/c; test -L /bin/vi || echo gone; test -e /volume || echo clean"
        #expect(try run("web:1", "sh", "-c", check).output == "x\ngone\nclean\n")

        let listed = try bench.layerbuild("containers").output
        #expect(listed.contains("web") && listed.contains("busybox:latest") && listed.contains("ended"))
        #expect(try bench.layerbuild("containers", "--rm", "web").exitCode == 0)
        #expect(try bench.names(in: "store/containers").isEmpty)
    }

    @Test("The same changes make the same image")
    func sameImage() throws {
        var digests: Set<String> = []
        for name in ["one", "two"] {
            #expect(try run("--name", name, "busybox", "sh", "-c", "echo x >/made; rm /bin/vi").exitCode == 0)
            digests.insert(try expectSuccess(try bench.layerbuild("commit", name, "-t", "made:\(name)")))
        }
        #expect(digests.count == 1)
    }

    @Test("A bit that flips in what a kept container changed is found; of one that was killed nobody knows")
    func flipped() throws {
        let script = "mkdir -p /a/b; echo one >/a/b/c; ln -s c /a/b/l; rm /bin/vi; chmod 700 /a"
        #expect(try run("--name", "web", "busybox", "sh", "-c", script).exitCode == 0)
        let sound = try bench.layerbuild("fsck")
        #expect(sound.exitCode == 0 && !sound.output.contains("container"), "\(sound)")
        for damage in [
            "echo onf >a/b/c", "chmod 755 a", "ln -sfn d a/b/l", "touch new", "sed -i s/sha/shb/ ../contents.json",
        ] {
            try bench.shell("rm -rf kept; cp -a store/containers/web kept; cd store/containers/web/fs; \(damage)")
            let outcome = try bench.layerbuild("fsck")
            #expect(outcome.exitCode == 6, "\(damage)")
            #expect(outcome.output.contains("containers/web: its files are not"), "\(outcome)")
            try bench.shell("rm -r store/containers/web; mv kept store/containers/web")
        }
        #expect(try bench.layerbuild("fsck").exitCode == 0)
        let running = try bench.start([
            "run", "--name", "cut", "busybox", "sh", "-c", "echo ready >&2; exec sleep 1000",
        ])
        _ = try running.line { $0 == "ready" }
        running.signal(SIGKILL)
        _ = try running.finish()
        let outcome = try bench.layerbuild("fsck")
        #expect(outcome.exitCode == 0 && outcome.output.contains("1 unfinished container"), "\(outcome)")
    }

    @Test("A container whose record is damaged stands in the way of pruning, and can be removed")
    func damaged() throws {
        #expect(try run("--name", "web", "busybox", "touch", "/made").exitCode == 0)
        try bench.shell("sed -i s/busybox/busyb0x/ store/containers/web/container.json")
        #expect(try bench.layerbuild("fsck").output.contains("containers/web: its record is not what was written"))
        expectFailure(try bench.layerbuild("prune"), exit: 6, saying: "containers/web")
        #expect(try bench.layerbuild("containers", "--rm", "web").exitCode == 0)
        #expect(try bench.layerbuild("prune").exitCode == 0)
        expectFailure(try bench.layerbuild("containers", "--rm", "../tmp"), exit: 3, saying: "unknown-container")
    }

    @Test("A name is one container's, and a running one cannot be committed or removed")
    func names() throws {
        let running = try bench.start(
            ["run", "--name", "busy", "busybox", "sh", "-c", "echo ready >&2; exec sleep 1000"])
        _ = try running.line { $0 == "ready" }
        expectFailure(try run("--name", "busy", "busybox", "true"), exit: 3, saying: "busy", "already")
        expectFailure(try bench.layerbuild("commit", "busy", "-t", "x"), exit: 3, saying: "still runs")
        expectFailure(try bench.layerbuild("containers", "--rm", "busy"), exit: 3, saying: "still runs")
        running.signal(SIGTERM)
        #expect(try running.finish().exitCode == 143)
        try expectSuccess(try bench.layerbuild("commit", "busy", "-t", "x"))
    }

    // MARK: - Refusals

    @Test("What cannot run is said in one line")
    func refusals() throws {
        expectFailure(try run("busybox"), exit: 3, saying: "no-command")
        expectFailure(try run("busybox", "nothing-like-it"), exit: 127, saying: "no-program")
        expectFailure(try run("busybox", "/etc"), exit: 126, saying: "no-program")
        expectFailure(try run("127.0.0.1:1/unheard-of", "true"), exit: 4, saying: "127.0.0.1:1")
        expectFailure(try run("-v", "../none:/data", "busybox", "true"), exit: 3, saying: "none")
        expectFailure(try run("-v", "data", "busybox", "true"), exit: 64, saying: "SOURCE:TARGET")
        expectFailure(try run("--name", "a/b", "busybox", "true"), exit: 64, saying: "a/b")
        expectFailure(try run("--name", "a", "--read-only", "busybox", "true"), exit: 64, saying: "--read-only")
        expectFailure(try bench.layerbuild("commit", "none", "-t", "x"), exit: 3, saying: "unknown-container")
    }
}
