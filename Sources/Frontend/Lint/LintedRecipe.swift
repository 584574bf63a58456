import OCI

/// A recipe as the rules see it: its stages, what they stand on, and what their words become.
package struct LintedRecipe: Sendable {
    let file: RecipeFile
    let options: PlanOptions
    /// The ARGs before the first FROM.
    let globals: [Argument]
    /// `nil` if they cannot be expanded.
    let arguments: BuildArguments?
    let stages: [LintedStage]
    package var facts: LintFacts

    /// Which stages' instructions are looked at.
    package enum Reach: Hashable, Sendable {
        /// Those that the target, or else the last stage, needs.
        case build
        /// Those that the target needs; all, if none is asked for.
        case check
    }

    /// What cannot be expanded is left out: planning says why.
    package init(_ file: RecipeFile, _ options: PlanOptions, _ facts: LintFacts, reach: Reach) {
        let recipe = Recipe(file)
        let last = recipe.stages.last?.name
        // A name or a value that makes no sense is an error, which planning tells.
        let arguments = try? BuildArguments(options, globals: recipe.globals, targetStage: options.target ?? last)
        self.file = file
        self.options = options
        self.facts = facts
        self.arguments = arguments
        globals = recipe.globals
        var stages = zip(recipe.stages, file.froms).map { LintedStage(stage: $0, from: $1) }
        if let arguments {
            let names = StageNames(stages: recipe.stages, options: options, arguments: arguments, .none)
            for index in stages.indices { stages[index].follow(names) }
            let wanted = Self.wanted(stages, try? recipe.target(options.target), options.target == nil ? reach : .build)
            var readers: [StageReader] = []
            var guesses = StageReader.maximumGuesses
            for index in stages.indices {
                readers.append(StageReader(on: stages[index].base, names, readers, facts.bases, guesses: guesses))
                if wanted.contains(index) { stages[index].read(with: &readers[index]) }
                guesses = readers[index].guesses
            }
        }
        self.stages = stages
    }

    private static func wanted(_ stages: [LintedStage], _ target: Int?, _ reach: Reach) -> Set<Int> {
        guard reach == .build, let target else { return Set(stages.indices) }
        var wanted: Set<Int> = [target]
        for index in stages.indices.reversed() where wanted.contains(index) {
            wanted.formUnion(stages[index].usedStages)
        }
        return wanted
    }

    var instructions: [LintedInstruction] { stages.flatMap(\.instructions) }

    /// The paths of the main context that COPY and ADD take, each once, in their order.
    package var contextSources: [String] {
        var seen: Set<ExactText> = []
        return instructions.flatMap(\.contextSources).map(\.value).filter { seen.insert(ExactText($0)).inserted }
    }
}

/// A stage as the rules see it.
struct LintedStage: Sendable {
    let stage: Stage
    let from: ParsedInstruction
    /// `nil` if the name makes no sense.
    var base: StageSource?
    var platform: Platform?
    /// What its instructions copy from or mount.
    var sources: [StageSource] = []
    /// A context given with `--build-context` stands in its place.
    var isReplaced = false
    /// None if nobody wants the stage.
    var instructions: [LintedInstruction] = []

    init(stage: Stage, from: ParsedInstruction) {
        self.stage = stage
        self.from = from
    }

    /// Follows the names in it.
    mutating func follow(_ names: StageNames) {
        base = try? names.base(of: stage)
        platform = try? names.platform(of: stage)
        sources = ((try? names.sources(of: stage.instructions + stage.parsedTriggers)) ?? []).map(\.value)
        isReplaced = (try? names.replacement(of: stage)) != .some(nil)
    }

    mutating func read(with reader: inout StageReader) {
        instructions = stage.instructions.map { isReplaced ? LintedInstruction($0) : reader.read($0) }
    }

    /// True if what stands at this place may depend on variables of a base that nobody has seen.
    func isUndecided(at span: SourceSpan) -> Bool {
        instructions.contains {
            $0.isUndecided && $0.parsed.span.start <= span.start && span.start <= $0.parsed.span.end
        }
    }

    /// The stages that it stands on, copies from or mounts.
    var usedStages: [Int] {
        (sources + [base].compactMap(\.self)).compactMap { if case .stage(let index) = $0 { index } else { nil } }
    }
}

extension Stage {
    /// What its ONBUILDs hold, as far as it can be read.
    fileprivate var parsedTriggers: [ParsedInstruction] {
        triggers.compactMap { try? InstructionParser.parseTrigger(RecipeSource(name: "ONBUILD", text: $0.text)) }
    }
}

extension RecipeFile {
    /// The instructions that begin a stage.
    fileprivate var froms: [ParsedInstruction] { instructions.filter { $0.keyword == .from } }
}
