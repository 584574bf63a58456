import ArgumentParser
import Frontend
import OCI
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

@Suite("A command line")
struct BuildRequestTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    @Test("without flags builds the context into a file that is called like it")
    func defaults() throws {
        let request = try scene.request()
        #expect(request.context == .folder(scene.folder.appending("app")))
        #expect(request.recipe == .inContext)
        #expect(request.outputs == [Output(form: .image, destination: .path(scene.folder.appending("app.tar")))])
        #expect(request.useCache && request.rewriteTimestamps && request.epoch == nil)
        #expect(request.compression == CompressionChoice())
        #expect(request.threads == 3)
    }

    @Test("names the file after the first tag, without what stands around its last part")
    func namedAfterTag() throws {
        let request = try scene.request("-t", "localhost:5000/shop/web:1.2", "-t", "other")
        #expect(request.outputs.first?.path == scene.folder.appending("web.tar"))
        #expect(request.tags.map(\.familiar) == ["localhost:5000/shop/web:1.2", "other:latest"])
    }

    @Test("names the file after the folder that the context really is")
    func namedAfterRealFolder() throws {
        scene.makeFolder("app")
        let options = try BuildOptions.parse([])
        let request = try options.request(for: "app/.", in: scene.surroundings())
        #expect(request.outputs.first?.path == scene.folder.appending("app.tar"))
    }

    @Test("takes a recipe, an archive or nothing from standard input")
    func standardInput() throws {
        func locations(_ arguments: String...) throws -> BuildRequest {
            let command = try BuildCommand.parse(arguments + ["-t", "x"])
            return try command.options.request(for: command.context, in: scene.surroundings())
        }
        #expect(try locations("-").context == .standardInput)
        #expect(try locations("-").recipe == .inContext)
        #expect(try locations("-f", "-", "-").context == .empty)
        #expect(try locations("-f", "-", "-").recipe == .standardInput)
        scene.makeFile("context.tar")
        #expect(try locations("context.tar").context == .archive(scene.folder.appending("context.tar")))
    }

    @Test("hands the flags on")
    func flags() throws {
        let request = try scene.request(
            "-f", "sub/Recipe", "--target", "test", "--label", "a=b=c", "--label", "empty", "--no-cache",
            "--network=none",
            "--add-host", "db:10.0.0.1", "--add-host", "six:[::1]", "--timeout", "10m", "--jobs", "7", "--platform",
            "linux/arm64", "--ignorefile", "ignore", "--rewrite-timestamp=false")
        #expect(request.recipe == .file("sub/Recipe"))
        #expect(request.plan.target == "test")
        #expect(request.plan.labels == [.init(name: "a", value: "b=c"), .init(name: "empty", value: "")])
        #expect(!request.useCache && !request.rewriteTimestamps)
        #expect(request.plan.network == .none)
        #expect(request.extraHosts == [.init(name: "db", address: "10.0.0.1"), .init(name: "six", address: "::1")])
        #expect(request.stepTimeout == 600 && request.jobs == 7)
        #expect(request.plan.platform == Platform(os: "linux", architecture: "arm64"))
        #expect(request.ignoreFile == scene.folder.appending("ignore"))
    }

    @Test("takes several platforms, each once and in one order")
    func platforms() throws {
        let request = try scene.request("--platform", "linux/arm64,amd64,linux/aarch64")
        #expect(request.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(request.plan.platform == request.platforms.first)
        #expect(failure { _ = try scene.request("--platform", "linux/arm64,") }?.exitCode == .usage)
        for form in ["docker", "tar"] {
            let failure = failure {
                _ = try scene.request("--platform", "linux/arm64,linux/amd64", "-o", "type=\(form),dest=x")
            }
            #expect(failure?.diagnostic.message.contains("one platform") == true)
        }
    }

    @Test("takes a build argument without a value from the environment, if that has it")
    func buildArguments() throws {
        let request = try scene.request(
            "--build-arg", "A=1=2", "--build-arg", "B", "--build-arg", "C", environment: ["B": "from outside"])
        #expect(request.plan.arguments == ["A": "1=2", "B": "from outside"])
    }

    @Test("takes SOURCE_DATE_EPOCH from the environment, and rather from an argument")
    func epoch() throws {
        #expect(try scene.request(environment: ["SOURCE_DATE_EPOCH": "12"]).epoch == 12)
        let both = try scene.request("--build-arg", "SOURCE_DATE_EPOCH=5", environment: ["SOURCE_DATE_EPOCH": "12"])
        #expect(both.epoch == 5)
        #expect(both.plan.arguments == ["SOURCE_DATE_EPOCH": "5"])
        #expect(failure { _ = try scene.request(environment: ["SOURCE_DATE_EPOCH": "-1"]) }?.exitCode == .usage)
        #expect(try scene.request(environment: ["SOURCE_DATE_EPOCH": "context"]).epoch == nil)
    }

    @Test("takes addresses for contexts and recipes where there is no such path")
    func addresses() throws {
        let repository = try RemoteAddress.parse("https://example.org/app.git#v1:sub")
        let request = try scene.request(
            "--build-context", "src=https://example.org/app.git#v1:sub", "-f", "docker/Recipe",
            context: "https://example.org/app.git#v1:sub")
        #expect(request.context == .remote(try #require(repository)))
        #expect(request.recipe == .withinContext("docker/Recipe"))
        #expect(request.remoteContexts == ["src": try #require(repository)])
        #expect(request.plan.folderContexts == ["src"])
        #expect(request.outputs.map(\.path) == [scene.folder.appending("app.tar")])
        let recipe = try scene.request("-f", "https://example.org/Recipe")
        guard case .remote(let address) = recipe.recipe else {
            Issue.record("the recipe is \(recipe.recipe)")
            return
        }
        #expect(address.text == "https://example.org/Recipe")
        #expect(failure { _ = try scene.request(context: "https://example.org/a.git?ref=x#y") }?.exitCode == .usage)
    }

    @Test("lends the caller's agent to a context that is reached through ssh, and to nothing else")
    func agent() throws {
        let environment = ["SSH_AUTH_SOCK": "/run/agent"]
        let request = try scene.request(context: "git@example.org:app", environment: environment)
        #expect(request.sshAgents == ["default": "/run/agent"])
        #expect(try scene.request(environment: environment).sshAgents.isEmpty)
    }

    @Test("tells folders of files from images when contexts are named")
    func namedContexts() throws {
        scene.makeFolder("files")
        scene.makeFolder("layout")
        scene.makeFile("layout/oci-layout")
        scene.makeFile("layout/index.json")
        scene.makeFile("root.tar")
        let request = try scene.request(
            "--build-context", "src=files", "--build-context", "debian:bookworm=root.tar", "--build-context",
            "l=layout",
            "--build-context", "i=docker-image://busybox")
        #expect(request.plan.folderContexts == ["src"])
        #expect(request.plan.imageContexts == ["debian:bookworm", "l", "i"])
        #expect(request.namedContexts["i"] == .name("busybox"))
        #expect(request.namedContexts["src"] == .path(scene.folder.appending("files")))
    }

    @Test("chooses compression and level together")
    func compression() throws {
        #expect(
            try scene.request("--compression", "gzip", "--compression-level", "9").compression
                == CompressionChoice(algorithm: .gzip, level: 9, isExplicit: true))
        #expect(try scene.request("--compression=none").compression.algorithm == .none)
    }

    @Test(
        "that makes no sense says why and what would",
        arguments: [
            (["--network", "hots"], "`--network` does not take `hots`", "did you mean `host`?"),
            (["--compression", "xz"], "`--compression` does not take `xz`", "it takes zstd, gzip or none"),
            (["--compression", "gzip", "--compression-level", "20"], "gzip has no level 20", "its levels are 1 to 9"),
            (["-t", "Upper/Case:"], "`Upper/Case:` is no name of an image", nil),
            (["--build-arg", "=x"], "`--build-arg =x` has no name", nil),
            (["--add-host", "db:localhost"], "`localhost` in `--add-host db:localhost` is no address", nil),
            (["--timeout", "soon"], "`--timeout` does not take `soon`", nil),
            (["--jobs", "0"], "`--jobs` takes 1 to 256, not 0", nil),
            (["--build-context", "a"], "`--build-context a` says no source", nil),
            (["-o", "x.tar", "-o", "./x.tar"], "two outputs would be written to `./x.tar`", nil),
            (["-o", "type=docker,dest=x", "--compression", "zstd"], "docker reads no zstd", nil),
            (["--build-context", "a=ftp://example.org/x"], "`--build-context a` cannot be read over `ftp`", nil),
        ] as [([String], String, String?)])
    func nonsense(_ arguments: [String], _ message: String, _ hint: String?) throws {
        scene.makeFolder("app")
        let options = try BuildOptions.parse(arguments)
        let failure = try #require(failure { _ = try options.request(for: "app", in: scene.surroundings()) })
        #expect(failure.exitCode == .usage)
        #expect(failure.diagnostic.message.hasPrefix(message))
        if let hint { #expect(failure.diagnostic.hint == hint) }
    }

    @Test(
        "without a context that exists names the command that was meant",
        arguments: [
            ("imags", "did you mean the command `images`?"),
            ("fsck", "the command comes before its flags: `layerbuild fsck …`"),
        ])
    func missingContext(context: String, hint: String) throws {
        let options = try BuildOptions.parse([])
        let failure = failure { _ = try options.request(for: context, in: scene.surroundings()) }
        #expect(failure?.exitCode == .rejectedInput)
        #expect(failure?.diagnostic.hint == hint)
    }

    @Test("keeps what it writes beside the outputs out of the context")
    func sideFiles() throws {
        let request = try scene.request("--iidfile", "id", "--log-file", "log")
        #expect(request.sideFiles == [scene.folder.appending("id"), scene.folder.appending("log")])
    }
}

@Suite("The store")
struct StoreOptionsTests {
    @Test("lies where the flag says, then the variable, then where the system keeps such things")
    func place() throws {
        let scene = try Scene()
        func path(_ arguments: [String], _ variables: [String: String], isSuperuser: Bool = false) throws -> FilePath {
            var surroundings = scene.surroundings(variables)
            surroundings.isSuperuser = isSuperuser
            return try StoreOptions.parse(arguments).path(in: surroundings)
        }
        #expect(try path(["--root", "/a"], ["LAYERBUILD_ROOT": "/b"]) == "/a")
        #expect(try path([], ["LAYERBUILD_ROOT": "b"]) == scene.folder.appending("b"))
        #expect(try path([], ["HOME": "/h"], isSuperuser: true) == "/var/lib/layerbuild")
        #expect(try path([], ["HOME": "/h", "XDG_DATA_HOME": "/d"]) == "/d/layerbuild")
        #expect(try path([], ["HOME": "/h", "XDG_DATA_HOME": "relative"]) == "/h/.local/share/layerbuild")
        #expect(failure { _ = try path([], [:]) }?.exitCode == .usage)
    }
}
