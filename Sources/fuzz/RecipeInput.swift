import Frontend
import OCI

/// A recipe, parsed and planned in as many ways as it offers.
struct RecipeInput {
    let source: RecipeSource

    init(_ input: [UInt8]) { source = RecipeSource(name: "Recipe", bytes: input) }

    func run() {
        do {
            let file = try RecipeFile.parse(source)
            examine(file)
            let triggers = Self.triggers(of: file)
            for options in Self.options(for: file) {
                do { try plan(file, options, triggers) } catch { examine(error) }
            }
        } catch {
            examine(error)
        }
    }

    private func examine(_ file: RecipeFile) {
        var end = 0
        for parsed in file.instructions {
            law("instructions follow one another", parsed.span.start >= end)
            law("instructions lie in the recipe", parsed.span.end <= source.bytes.count)
            end = parsed.span.end
        }
        for warning in file.warnings { examine(warning) }
    }

    private func examine(_ diagnostic: Diagnostic) {
        law("a diagnostic says something", !diagnostic.message.isEmpty && !diagnostic.code.isEmpty)
        if let span = diagnostic.span {
            law("a place has a beginning and an end", 0 <= span.start && span.start <= span.end)
        }
        let text = DiagnosticRenderer().render(diagnostic, in: source)
        let isClean = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
        law("what is shown has no control characters", isClean)
    }

    /// Plans with bases that fire the recipe's own triggers.
    private func plan(_ file: RecipeFile, _ options: PlanOptions, _ triggers: [String]) throws(Diagnostic) {
        var config = ImageConfig(platform: options.platform)
        config.container.environment = ["HOME=/root", "A=a b", "PATH=/bin"]
        config.container.onBuild = triggers
        var known: [BaseRequirement: PlannedBase] = [:]
        var options = options
        while true {
            switch try Planner.plan(file, options, bases: known) {
            case .needs(let requirements):
                law("something is needed", !requirements.isEmpty)
                for requirement in requirements {
                    law("what is known is not asked for again", known[requirement] == nil)
                    known[requirement] = PlannedBase(id: BaseID(index: known.count), config: config)
                }
            case .needsTime(let text, _):
                law("a time that is known is not asked for again", options.times.updateValue(1, forKey: text) == nil)
            case .graph(let graph):
                examine(graph)
                let again = try Planner.plan(file, options, bases: known)
                guard case .graph(let second) = again else { preconditionFailure("planning is a function") }
                law("planning is a function", second == graph && Self.texts(of: second) == Self.texts(of: graph))
                return
            }
        }
    }

    /// What a graph says, for a comparison of bytes: strings are equal while their bytes differ.
    private static func texts(of graph: BuildGraph) -> [[UInt8]] {
        [graph.image.config.serialised()] + graph.steps.map { Array($0.text.utf8) }
            + graph.image.history.map { Array($0.createdBy.utf8) }
    }

    private func examine(_ graph: BuildGraph) {
        for (index, step) in graph.steps.enumerated() {
            for case .step(let id) in step.dependencies { law("steps depend on earlier ones", id.index < index) }
        }
        for line in graph.image.history {
            if let step = line.step { law("history tells of steps", graph.steps.indices.contains(step.index)) }
        }
        for warning in graph.warnings { examine(warning) }
    }

    /// The defaults, every early stage as the target, and arguments that recipes often take.
    private static func options(for file: RecipeFile) -> [PlanOptions] {
        let amd64 = Platform(os: "linux", architecture: "amd64")
        var plain = PlanOptions(platform: amd64, buildPlatform: amd64)
        var all = [plain]
        for stage in 0..<2 {
            plain.target = String(stage)
            all.append(plain)
        }
        var foreign = PlanOptions(platform: Platform(os: "linux", architecture: "arm", variant: "v7"))
        foreign.arguments = ["A": "", "V": "1.2", "SOURCE_DATE_EPOCH": "1", "http_proxy": "x"]
        foreign.labels = [PlanOptions.Label(name: "a", value: "b")]
        foreign.network = .none
        foreign.folderContexts = ["c"]
        foreign.imageContexts = ["i"]
        return all + [foreign]
    }

    private static func triggers(of file: RecipeFile) -> [String] {
        file.instructions.compactMap { parsed in
            if case .onbuild(let trigger) = parsed.instruction { trigger.text } else { nil }
        }
    }
}
