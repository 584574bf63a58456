import Frontend
import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Builder

@Suite("Secrets and agents", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct SecretMountTests {
    private let bench: MountBench
    private let value = "s3cr3t-\(getpid())-0123456789abcdef"

    init() throws { bench = try MountBench() }

    private func giving(_ value: String) throws -> (inout BuildRequest) -> Void {
        try bench.images.write("key", Array(value.utf8))
        return { $0.secrets = ["key": .file("key")] }
    }

    @Test("A secret is a file in memory with the mode and the owners that it was asked to have")
    func file() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=secret,id=key stat -c '%n %a %u %g' /run/secrets/key; stat -f -c %T /run/secrets/key
            RUN --mount=type=secret,id=key,target=/k,mode=0440,uid=3,gid=4 stat -c '%n %a %u %g' /k; cat /k
            RUN --mount=type=secret,id=key,env=TOKEN echo $TOKEN; test ! -e /run
            RUN --mount=type=secret,id=key,env=TOKEN,target=/k cmp /k - <<END && echo same
            \(value)
            END
            """, try giving(value + "\n"))
        #expect(made.output.contains("/run/secrets/key 400 0 0\ntmpfs\n/k 440 3 4\n\(value)\n\(value)\n"))
        #expect(made.output.contains("same"))
        #expect(made.layers.count == 1)
    }

    @Test("A used secret is nowhere in the store, in an output or in what is told of the build")
    func traces() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=secret,id=key --mount=type=secret,id=key,env=TOKEN test -s /run/secrets/key && \\
                test -n "$TOKEN" && sha256sum /run/secrets/key >/made
            """
        ) { [images = bench.images] request in
            request.secrets = ["key": .file("key")]
            request.outputs = [Output(form: .oci, destination: .path(images.appending("out.tar")))]
            try? images.write("key", Array(value.utf8))
        }
        try bench.images.shell("rm key")
        let found = try bench.images.shell(
            """
            for form in '\(value)' "$(printf %s '\(value)' | base64)" "$(printf %s '\(value)' | od -An -tx1 | tr -d ' \\n')"
            do grep -rlF -e "$form" store out.tar || true; done
            """)
        #expect(found.isEmpty)
        #expect(!made.output.contains(value))
        #expect(made.layers.last?.contains("secrets") == false)
    }

    @Test("Another value does not make a step run again")
    func key() async throws {
        let recipe = "FROM busybox\nRUN --mount=type=secret,id=key cat /run/secrets/key; echo x >/made\n"
        #expect(try await bench.build(recipe, try giving("one")).output == "one")
        #expect(try await bench.build(recipe, try giving("two")).output.isEmpty)
    }

    @Test("A secret that the build lacks is left out, unless the step cannot do without it")
    func missing() async throws {
        let made = try await bench.build(
            "FROM busybox\nRUN --mount=type=secret,id=key ls /run/secrets/key || echo none\n")
        #expect(made.output.contains("none"))
        let error = try await bench.failure(of: "FROM busybox\nRUN --mount=type=secret,id=key,required true\n")
        #expect(error.code == "no-secret")
        #expect(error.span?.start == "FROM busybox\nRUN ".utf8.count)
    }

    @Test("A secret has at most 500 KiB")
    func size() async throws {
        let recipe = "FROM busybox\nRUN --mount=type=secret,id=key wc -c </run/secrets/key; echo >/made\n"
        let made = try await bench.build(recipe, try giving(String(repeating: "x", count: 500 << 10)))
        #expect(made.output == "512000\n")
        let error = try await bench.failure(of: recipe) { request in
            try? bench.images.write("key", [UInt8](repeating: 120, count: 500 << 10 | 1))
            request.secrets = ["key": .file("key")]
            request.useCache = false
        }
        #expect(error.code == "secret-size")
    }

    @Test("A secret that is no text becomes no variable, and the error does not show it")
    func binary() async throws {
        let error = try await bench.failure(
            of: "FROM busybox\nRUN --mount=type=secret,id=key,env=TOKEN true\n", try giving("\(value)\0"))
        #expect(error.code == "secret-text")
        #expect(!"\(error)".contains(value))
    }

    @Test("The socket of an agent is there for the step, and nothing of it afterwards")
    func agent() async throws {
        let socket = bench.images.appending("agent")
        let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.string.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 1) == 0)

        let recipe = "FROM busybox\nRUN --mount=type=ssh,required test -S $SSH_AUTH_SOCK && echo $SSH_AUTH_SOCK\n"
        let made = try await bench.build(recipe) { $0.sshAgents = ["default": socket] }
        #expect(made.output == "/run/buildkit/ssh_agent.0\n")
        #expect(made.layers.count == 1)
        let error = try await bench.failure(of: recipe) { $0.useCache = false }
        #expect(error.code == "no-agent")
    }

    @Test("SSH_AUTH_SOCK names the recipe's first agent, given or not, unless the recipe sets it")
    func agentVariable() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --mount=type=ssh,id=a,target=/z --mount=type=ssh,id=b,target=/b echo $SSH_AUTH_SOCK
            ENV SSH_AUTH_SOCK=/own
            RUN --mount=type=ssh echo $SSH_AUTH_SOCK
            """)
        #expect(made.output == "/z\n/own\n")
    }
}
