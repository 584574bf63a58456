import Frontend
import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Builder

@Suite("RUN --mount", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct RunMountTests {
    private let bench: MountBench

    init() throws { bench = try MountBench() }

    // MARK: - Scripts

    @Test("A heredoc that begins with #! is run by the interpreter that it names")
    func script() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN <<EOF
            #!/bin/awk -f
            BEGIN { print "from awk" > "/made" }
            EOF
            """)
        #expect(made.layers.last?.contains(" made") == true)
        #expect(made.layers.last?.contains("pipes") == false)
    }

    @Test("A script is a file of root's that nobody can change")
    func scriptFile() async throws {
        let made = try await bench.build(
            "FROM busybox\nRUN <<EOF\n#!/bin/sh\nstat -c '%a %u %g %n' $0; echo x >>$0 || echo refused\nEOF\n")
        #expect(made.output.contains("755 0 0 /dev/pipes/EOF"))
        #expect(made.output.contains("refused"))
    }

    // MARK: - Places

    @Test("Nothing of a mount's place shows in the layer, and the folder above keeps its time")
    func places() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=tmpfs,target=/a/b/c --mount=type=cache,target=/tmp/cache --mount=type=bind,target=/etc/context \\
                --mount=type=secret,id=key,target=/root/key stat -c '%n %Y' /etc /tmp /root; echo x >/a/b/c/file
            RUN echo one >/made
            """
        ) { $0.secrets = ["key": .file("Recipe")] }
        #expect(made.layers.count == 2)
        #expect(made.output.contains("/etc 1500000000"))
        #expect(made.output.contains("/root 1500000000"))
    }

    @Test("What a step puts beside a mount's place is in the layer, and the place is not")
    func besidePlaces() async throws {
        let made = try await bench.build(
            "FROM busybox\nRUN --mount=type=tmpfs,target=/a/b/c echo x >/a/b/beside\n")
        let layer = try #require(made.layers.last)
        #expect(layer.contains("a/b/beside"))
        #expect(!layer.contains("a/b/c"))
    }

    @Test("A mount may lie within another, whatever the order in which they are written")
    func nested() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=secret,id=key,target=/t/deep/key --mount=type=tmpfs,target=/t \\
                --mount=type=tmpfs,target=/dev/shm/more test -s /t/deep/key && df /dev/shm/more && echo fine
            """
        ) { $0.secrets = ["key": .file("Recipe")] }
        #expect(made.output.contains("fine"))
        #expect(made.layers.count == 1)
    }

    // MARK: - Memory

    @Test("A tmpfs is empty, has the mode of what it covers, and holds no more than it should")
    func memory() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN mkdir -m 0751 /there && echo x >/there/file
            RUN --mount=type=tmpfs,target=/there,size=64k --mount=type=tmpfs,target=/new \\
                stat -c '%n %a' /there /new; ls /there; head -c 100000 /dev/zero >/there/large || echo full
            """)
        #expect(made.output.contains("/there 751\n/new 1777\n"))
        #expect(!made.output.contains("file"))
        #expect(made.output.contains("full"))
        #expect(made.layers.count == 2)
    }

    // MARK: - Bind

    @Test("Files of a stage can be read and not written")
    func stage() async throws {
        let made = try await bench.build(
            """
            FROM busybox AS tools
            RUN mkdir /d && echo tool >/d/file && ln -s d /link
            FROM busybox
            RUN --mount=from=tools,source=/link,target=/m --mount=from=tools,source=d/file,target=/f \\
                cat /m/file /f; touch /m/x || echo refused
            """)
        #expect(made.output.contains("tool\ntool\n"))
        #expect(made.output.contains("refused"))
        #expect(made.layers.count == 1)
    }

    @Test("What is written to a writable bind is seen by the step and by nobody else")
    func writable() async throws {
        try bench.images.shell("mkdir context/d && echo old >context/d/file")
        let made = try await bench.build(
            """
            FROM busybox AS tools
            RUN mkdir /d && echo tool >/d/file
            FROM busybox
            RUN --mount=from=tools,source=/d,target=/m,rw --mount=target=/c,rw --mount=source=d/file,target=/f,rw \\
                echo new | tee /m/file /c/d/file /f && rm /c/d/file && cat /m/file /f
            RUN --mount=from=tools,source=/d,target=/m cat /m/file
            """)
        #expect(made.output.hasSuffix("tool\n"))
        #expect(made.layers.count == 1)
        #expect(try bench.images.shell("cat context/d/file") == "old\n")
    }

    @Test("A bound context holds what the ignore file leaves, all of it root's, and the host's files stay as they are")
    func context() async throws {
        try bench.images.shell(
            """
            cd context && mkdir -p a/b plain && echo one >a/b/kept && echo two >a/ignored && echo three >plain/file
            printf 'a/ignored\\n' >.dockerignore && chown -R 1000:1000 a && touch -d @1400000000 a/b/kept
            """)
        let before = try bench.images.shell("find context | sort | xargs stat -c '%n %a %u %Y %Z'")
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=target=/c --mount=source=plain,target=/p find /c/a -exec stat -c '%n %u %Y' {} +; \\
                cat /p/file; touch /p/x /c/x || echo refused; chmod 777 /p/file || echo refused
            """)
        #expect(made.output.contains("/c/a/b/kept 0 1400000000\n"))
        #expect(!made.output.contains("ignored"))
        #expect(made.output.contains("three\n"))
        #expect(made.output.components("refused") == 2)
        #expect(try bench.images.shell("find context | sort | xargs stat -c '%n %a %u %Y %Z'") == before)
    }

    @Test("A link in a source leads nowhere but within its own file system")
    func escape() async throws {
        let name = "layerbuild-escape-\(getpid())"
        try bench.images.shell("ln -s /etc context/out")
        _ = try await bench.build(
            """
            FROM busybox AS evil
            RUN ln -s / /rootdir && ln -s ../../../../.. /up
            FROM busybox
            RUN --mount=from=evil,source=/rootdir,target=/m,rw --mount=from=evil,source=/up,target=/n,rw \\
                touch /m/\(name) /n/\(name) && test -L /m/rootdir
            """)
        #expect(access("/\(name)", F_OK) != 0)
        let error = try await bench.failure(of: "FROM busybox\nRUN --mount=source=out/passwd,target=/m cat /m\n")
        #expect(error.code == "missing-source")
    }

    @Test("A source that is not there is said where it is asked for")
    func missingSource() async throws {
        let error = try await bench.failure(
            of: "FROM busybox AS a\nFROM busybox\nRUN --mount=from=a,source=/none,target=/m true\n")
        #expect(error.kind == .recipe)
        #expect(error.message == "`/none` is not in the file system that `from` names")
        #expect(error.hint == "paths are relative to the root of the file system that `from` names")
        #expect(error.span?.start == "FROM busybox AS a\nFROM busybox\nRUN ".utf8.count)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
