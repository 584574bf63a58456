import Frontend
import Layers
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("StepKey") struct StepKeyTests {
    private let bench: ImageBench

    init() throws {
        bench = try ImageBench()
        try bench.shell("mkdir -p context/d && echo 1 >context/d/f && echo 2 >context/other && chmod 644 context/d/f")
    }

    private func key(
        _ operation: Frontend.Operation, on base: UInt8 = 0, epoch: Int64? = nil, threads: Int = 1,
        sandbox: SandboxRequest = SandboxRequest()
    ) throws -> CacheKey {
        let contexts = BuildContexts(
            [nil: BuildContexts.Unscanned(folder: bench.appending("context"), patterns: IgnorePatterns())],
            digests: bench.store.files,
            outputs: OutputFilter([], records: bench.store.outputs) { _ in }, threads: 2)
        let inputs = StepInputs(bases: [StepResult(base: [DiffID(.of([base]))])], results: [:])
        let step = Step(
            id: StepID(index: 0), base: .base(BaseID(index: 0)), operation: operation,
            place: Step.Place(stage: "s", number: 1, count: 1), text: "")
        let remotes = RemoteSources(
            BuildRequest(context: .empty, currentDirectory: bench.path, startedAt: 0), bench.store,
            try Interruption())
        return try StepKey(
            inputs: inputs, contexts: contexts, remotes: remotes, threads: threads, epoch: epoch, sandbox: sandbox
        )
        .key(of: step)
    }

    private func run(
        _ arguments: [String] = ["sh", "-c", "x"], environment: [String] = ["A=1"], proxies: [String] = [],
        user: String = "", directory: String = "/", network: RunOperation.Network = .default,
        security: RunOperation.Security = .sandbox, mounts: [RunMount] = [], scripts: [RunOperation.Script] = []
    ) -> Frontend.Operation {
        .run(
            RunOperation(
                arguments: arguments, environment: environment, proxies: proxies, user: user,
                workingDirectory: directory, network: network, security: security, mounts: mounts, scripts: scripts))
    }

    private func copy(
        _ path: String = "d", to destination: String = "/x", owner: String? = nil, mode: String? = nil,
        excludes: [String] = [], parents: Bool = false, link: Bool = false, unpack: CopyOperation.Unpack = .never
    ) -> Frontend.Operation {
        .copy(
            CopyOperation(
                sources: [.path(path, from: .context(nil), span: nil)], destination: destination, owner: owner,
                mode: mode.flatMap(ModeChange.init), excludes: excludes, parents: parents, link: link, unpack: unpack))
    }

    @Test("Capabilities and volumes change a RUN's key; limits, memory and name servers do not")
    func sandbox() throws {
        var harmless = SandboxRequest()
        harmless.limits = [SpawnPlan.Limit(resource: 7, soft: 10, hard: 10)]
        harmless.sharedMemory = 1 << 20
        harmless.resolvers.servers = ["192.0.2.1"]
        harmless.entitlements = [.hostNetwork, .insecure]
        #expect(try key(run(), sandbox: harmless) == key(run()))

        var keys = [try key(run())]
        for change: (inout SandboxRequest) -> Void in [
            { $0.capabilities.insert(.all) }, { $0.capabilities.remove(.makeNodes) },
            { $0.volumes = [Volume(source: "/a", target: "/v")] },
            { $0.volumes = [Volume(source: "/b", target: "/v")] },
            { $0.volumes = [Volume(source: "/a", target: "/w")] },
            { $0.volumes = [Volume(source: "/a", target: "/v", access: .readOnly)] },
        ] {
            var request = SandboxRequest()
            change(&request)
            keys.append(try key(run(), sandbox: request))
        }
        #expect(Set(keys.map(\.digest)).count == keys.count)
        #expect(
            try key(
                copy(),
                sandbox: {
                    var all = SandboxRequest(); all.capabilities = .all; return all
                }()) == key(copy()))
    }

    @Test("Everything that can show in a RUN's layer changes its key")
    func runIngredients() throws {
        let script = RunOperation.Script(path: "/dev/pipes/1", contents: [1])
        let keys = [
            try key(run()), try key(run(), on: 1), try key(run(), epoch: 0), try key(run(), epoch: 1),
            try key(run(["sh", "-c x"])), try key(run(["sh", "-c", "x", ""])), try key(run(environment: ["A=2"])),
            try key(run(environment: ["A=1", "B="])), try key(run(environment: [])), try key(run(user: "1")),
            try key(run(directory: "/w")), try key(run(network: .none)), try key(run(security: .insecure)),
            try key(run(mounts: [RunMount(target: "/t", kind: .tmpfs(size: nil))])),
            try key(run(mounts: [RunMount(target: "/u", kind: .tmpfs(size: nil))])),
            try key(run(mounts: [RunMount(target: "/t", kind: .tmpfs(size: 1))])), try key(run(scripts: [script])),
            try key(run(scripts: [RunOperation.Script(path: "/dev/pipes/1", contents: [2])])),
            try key(.makeDirectory(DirectoryOperation(path: "/w"))),
            try key(.makeDirectory(DirectoryOperation(path: "/w", owner: "1"))),
        ]
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test("Proxies and the number of threads change nothing")
    func left() throws {
        let plain = try key(run()).digest
        #expect(try key(run(proxies: ["HTTP_PROXY=http://x"])).digest == plain)
        #expect(try key(run(), threads: 8).digest == plain)
        #expect(try key(copy(), threads: 8).digest == key(copy()).digest)
    }

    @Test("Everything that can show in a COPY's layer changes its key")
    func copyIngredients() throws {
        let operations = [
            copy(), copy("other"), copy(to: "/x/"), copy(owner: "1"), copy(mode: "700"), copy(excludes: ["f"]),
            copy(parents: true), copy(link: true), copy(unpack: .localArchives), copy(unpack: .always),
        ]
        let keys = try operations.map { try key($0) } + [try key(copy(), on: 1), try key(copy(), epoch: 5)]
        #expect(Set(keys.map(\.digest)).count == keys.count)
        #expect(try key(copy(link: true), on: 1).digest == key(copy(link: true)).digest)
    }

    @Test("Contents, modes and names of files change the key; times and other files do not")
    func files() throws {
        let before = try key(copy())
        try bench.shell("touch -d @1500000000 context/d/f context/d && echo 3 >context/other")
        #expect(try key(copy()).digest == before.digest)
        try bench.shell("echo 9 >context/d/f")
        let contents = try key(copy())
        #expect(try MissExplanation.phrase(contents, since: before) == "file d/f changed")
        try bench.shell("chmod 755 context/d/f")
        let mode = try key(copy())
        #expect(try MissExplanation.phrase(mode, since: contents) == "file d/f changed")
        try bench.shell("mv context/d/f context/d/g")
        let name = try key(copy())
        #expect(try MissExplanation.phrase(name, since: mode) == "file d/f is gone and 1 more")
    }

    @Test("A miss is explained by what is nearest to the recipe")
    func explanations() throws {
        let plain = try key(run())
        #expect(try MissExplanation.phrase(plain, since: nil) == "not built before")
        #expect(try MissExplanation.phrase(plain, since: plain) == "its earlier result is gone")
        #expect(try MissExplanation.phrase(key(copy()), since: plain) == "the instruction is another one")
        #expect(
            try MissExplanation.phrase(key(run(), on: 1), since: plain) == "the step it stands on left other files")
        #expect(
            try MissExplanation.phrase(key(run(environment: ["A=2"]), on: 1), since: plain)
                == "variable A changed and 1 more")
        #expect(try MissExplanation.phrase(key(run(environment: ["A=1", "B=1"])), since: plain) == "variable B is new")
    }
}
