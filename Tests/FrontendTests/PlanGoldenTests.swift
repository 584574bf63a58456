import OCI
import Testing

@testable import Frontend

@Suite("Plans")
struct PlanGoldenTests {
    static let folder = "../plan"

    /// The images that recipes here may name; asking for any other leaves the plan at what it needs.
    static let bases: [(name: String, config: ImageConfig)] = {
        var busybox = ImageConfig(platform: Platform(os: "linux", architecture: "amd64"))
        busybox.container.command = ["sh"]
        busybox.container.environment = ["HOME=/root", "LANG=C"]

        var app = busybox
        app.author = "somebody"
        app.container.environment = ["PATH=/app/bin", "VERSION=1"]
        app.container.entrypoint = ["/app/run"]
        app.container.command = ["serve"]
        app.container.workingDirectory = "/app"
        app.container.user = "app:staff"
        app.container.labels = ["from": "base", "kept": "yes"]
        app.container.exposedPorts = ["80/tcp"]
        app.container.volumes = ["/data"]
        app.container.shell = ["/bin/ash", "-ec"]
        app.container.healthcheck = Healthcheck(test: ["CMD", "ok"], interval: 5_000_000_000)

        var triggers = busybox
        triggers.container.onBuild = [
            "COPY . /src", "ARG MODE=fast", "COPY --from=busybox /bin/sh /bin/", "RUN make $MODE",
        ]

        var broken = busybox
        broken.container.onBuild = ["COPY --form=x a b"]
        return [("busybox", busybox), ("app:1", app), ("triggers", triggers), ("broken", broken)]
    }()

    @Test("come out as expected", arguments: GoldenFolder.cases(in: folder))
    func plan(name: String) throws {
        let path = "\(Self.folder)/\(name)"
        let source = RecipeSource(name: "Recipe", bytes: try GoldenFolder.bytes("\(path)/Recipe"))
        let options = try Self.options((try? GoldenFolder.bytes("\(path)/options")) ?? [])
        try GoldenFolder.expect(Self.plan(source, options), in: "\(path)/plan")
    }

    /// Plans in as many rounds as it takes.
    static func plan(_ source: RecipeSource, _ options: PlanOptions) -> String {
        do {
            let file = try RecipeFile.parse(source)
            var known: [BaseRequirement: PlannedBase] = [:]
            while true {
                let outcome = try Planner.plan(file, options, bases: known)
                let printed = PlanPrinter(source: source, bases: bases.map(\.name)).print(outcome)
                guard case .needs(let requirements) = outcome else { return printed }
                for requirement in requirements {
                    guard let index = bases.firstIndex(where: { $0.name == requirement.name }) else { return printed }
                    known[requirement] = PlannedBase(id: BaseID(index: index), config: bases[index].config)
                }
            }
        } catch {
            return DiagnosticRenderer().render(error, in: source)
        }
    }

    /// One option a line: `target NAME`, `arg NAME[=VALUE]`, `label NAME=VALUE`, `folder NAME`, `image NAME`,
    /// `platform P`, `network N`, `unsetenv NAME`, `unsetlabel NAME`, `uncached STAGE`.
    static func options(_ bytes: [UInt8]) throws -> PlanOptions {
        let amd64 = Platform(os: "linux", architecture: "amd64")
        var options = PlanOptions(platform: amd64, buildPlatform: amd64)
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let pair = words[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch words[0] {
            case "target": options.target = words[1]
            case "arg": options.arguments[pair[0]] = pair.count > 1 ? pair[1] : nil
            case "label": options.labels.append(PlanOptions.Label(name: pair[0], value: pair[1]))
            case "folder": options.folderContexts.insert(ExactText(words[1]))
            case "image": options.imageContexts.insert(ExactText(words[1]))
            case "platform": options.platform = try #require(Platform(words[1]))
            case "unsetenv": options.removedVariables.insert(ExactText(words[1]))
            case "unsetlabel": options.removedLabels.insert(ExactText(words[1]))
            case "uncached": options.uncachedStages.insert(ExactText(words[1]))
            case "network": options.network = try #require(RunOperation.Network(rawValue: words[1]))
            case _: Issue.record("unknown option \(line)")
            }
        }
        return options
    }
}
