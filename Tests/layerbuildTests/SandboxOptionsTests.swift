import ArgumentParser
import Frontend
import Linux
import OCI
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

@Suite("Flags about the surroundings of RUN")
struct SandboxOptionsTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    @Test("are handed on")
    func flags() throws {
        scene.makeFolder("cache")
        scene.makeFile("settings")
        let request = try scene.request(
            "-v", "cache:/root/.cache", "--volume", "settings:/etc/settings:ro", "--ulimit", "nofile=1024:4096",
            "--ulimit", "core=-1", "--shm-size", "256m", "--cap-add", "net_admin", "--cap-drop=CAP_CHOWN", "--dns",
            "192.0.2.1", "--dns-search", "example.org", "--dns-option", "ndots:2", "--allow",
            "network.host,security.insecure"
        ).sandbox
        #expect(
            request.volumes == [
                Volume(source: scene.folder.appending("cache"), target: "/root/.cache"),
                Volume(source: scene.folder.appending("settings"), target: "/etc/settings", access: .readOnly),
            ])
        #expect(
            request.limits == [
                SpawnPlan.Limit(resource: 7, soft: 1024, hard: 4096),
                SpawnPlan.Limit(resource: 4, soft: .max, hard: .max),
            ])
        #expect(request.sharedMemory == 256 << 20)
        #expect(
            request.capabilities
                == Capabilities.container.subtracting(.changeOwner).union(Capabilities(rawValue: 1 << 12)))
        #expect(request.resolvers.servers == ["192.0.2.1"])
        #expect(request.resolvers.searchDomains == ["example.org"])
        #expect(request.resolvers.options == ["ndots:2"])
        #expect(request.entitlements == [.hostNetwork, .insecure])
    }

    @Test("leave everything as it is when they are not there")
    func none() throws {
        #expect(try scene.request().sandbox == SandboxRequest())
    }

    @Test("drop what they add too, and know all capabilities by one name")
    func capabilities() throws {
        #expect(try scene.request("--cap-drop", "all").sandbox.capabilities == [])
        #expect(try scene.request("--cap-add", "ALL").sandbox.capabilities == .all)
        #expect(
            try scene.request("--cap-add", "MKNOD", "--cap-drop", "MKNOD").sandbox.capabilities.names.contains("MKNOD")
                == false)
    }

    @Test("allow the machine's network to a recipe when the command line asks for it itself")
    func network() throws {
        #expect(try scene.request("--network", "host").sandbox.entitlements == [.hostNetwork])
    }

    @Test(
        "that make no sense say why and what would",
        arguments: [
            (["--volume", "app"], "`--volume app` does not say what is seen where", nil),
            (["--volume", "app:relative"], "`--volume app:relative` does not say what is seen where", nil),
            (["--volume", "app:/a:b:c"], "`--volume app:/a:b:c` does not say", nil),
            (["--volume", "gone:/a"], "the volume's source `gone` is not there", nil),
            (["--volume", "app:/a:slave"], "`--volume` does not take `slave`", "it takes rw, ro or O"),
            (["--volume", "app://"], "a volume cannot cover the root", nil),
            (["--ulimit", "nofiles=1"], "`--ulimit` does not take `nofiles`", "did you mean `nofile`?"),
            (["--ulimit", "nofile"], "`--ulimit nofile` has no bound", nil),
            (["--ulimit", "nofile=1:2:3"], "`--ulimit nofile=1:2:3` has no bound", nil),
            (["--ulimit", "nofile=9999999999999999999999"], "`--ulimit nofile=9999", nil),
            (["--ulimit", "nofile=2:1"], "the soft bound of `--ulimit nofile=2:1` is above the hard one", nil),
            (["--shm-size", "0"], "`--shm-size` does not take `0`", nil),
            (["--shm-size", "big"], "`--shm-size` does not take `big`", "write a size such as `256m`"),
            (["--cap-add", "NET_ADMN"], "`--cap-add NET_ADMN` is no capability", "did you mean `NET_ADMIN`?"),
            (["--cap-drop", "x"], "`--cap-drop x` is no capability", nil),
            (["--dns", "resolver.example"], "`--dns resolver.example` is no address", nil),
            (["--dns-search", "a b"], "`--dns-search a b` is not one word", nil),
            (["--dns-option", ""], "`--dns-option ` is not one word", nil),
            (["--allow", "network"], "`--allow` does not take `network`", nil),
            (["--no-cache-filter", "a,,b"], "`--no-cache-filter` has an empty name", nil),
        ] as [([String], String, String?)])
    func nonsense(_ arguments: [String], _ message: String, _ hint: String?) throws {
        scene.makeFolder("app")
        let options = try BuildOptions.parse(arguments)
        let failure = try #require(failure { _ = try options.request(for: "app", in: scene.surroundings()) })
        #expect(failure.exitCode == .usage)
        #expect(failure.diagnostic.message.hasPrefix(message), "\(failure.diagnostic.message)")
        if let hint { #expect(failure.diagnostic.hint == hint) }
    }
}

@Suite("A file of build arguments")
struct ArgumentFileTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func arguments(_ text: String, _ more: String...) throws -> ExactMap<String> {
        scene.makeFile("arguments", holding: Array(text.utf8))
        let options = try BuildOptions.parse(["--build-arg-file", "arguments"] + more)
        return try options.buildArguments(in: scene.surroundings(["OUTSIDE": "from outside"]))
    }

    @Test("has one argument a line, comments and empty lines")
    func lines() throws {
        let values = try arguments("# versions\n\nA=1\n  B = 2 # no comment\r\nOUTSIDE\nGONE\nA=3\nC=\n")
        #expect(values == ["A": "3", "B ": " 2 # no comment", "OUTSIDE": "from outside", "C": ""])
    }

    @Test("gives way to arguments of the command line")
    func precedence() throws {
        #expect(try arguments("A=file\nB=file\n", "--build-arg", "A=flag") == ["A": "flag", "B": "file"])
    }

    @Test("that has a line without a name, or is not there, is an error that names it")
    func nonsense() throws {
        let nameless = failure { _ = try arguments("=x\n") }
        #expect(nameless?.diagnostic.message == "`--build-arg-file arguments: =x` has no name")
        let missing = failure {
            _ = try BuildOptions.parse(["--build-arg-file", "gone"]).buildArguments(in: scene.surroundings())
        }
        #expect(missing?.diagnostic.message.hasPrefix("reading the build arguments in `gone`") == true)
        scene.makeFile("binary", holding: [0x41, 0x3D, 0xFF])
        let binary = failure {
            _ = try BuildOptions.parse(["--build-arg-file", "binary"]).buildArguments(in: scene.surroundings())
        }
        #expect(binary?.diagnostic.code == "argument-file")
    }
}
