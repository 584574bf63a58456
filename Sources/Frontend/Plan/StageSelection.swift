import OCI

/// The stages that a target needs, what stands under each, and the images that must be known to say so.
struct StageSelection: Sendable {
    /// In the order of the recipe, which is one in which they can be planned. Incomplete while something is missing.
    let stages: [SelectedStage]
    /// The bases that the stages need and of which nothing is known yet, in the order of the recipe.
    let missing: [BaseRequirement]

    /// - Throws: what is wrong with a name anywhere in the recipe, or with a trigger of a base.
    init(target: Int, names: StageNames, bases: [BaseRequirement: PlannedBase]) throws(Diagnostic) {
        try names.rejectCycles()
        var needed: Set<Int> = [target]
        var selected: [SelectedStage] = []
        for index in (0...target).reversed() where needed.contains(index) {
            let stage = try SelectedStage(names.stages[index], names, bases)
            for source in stage.sources {
                guard case .stage(let other) = source.value else { continue }
                guard other < index else { throw names.notYetDefined(other, in: stage.stage, at: source.span) }
                needed.insert(other)
            }
            selected.append(stage)
        }
        stages = selected.reversed()

        var seen: Set<BaseRequirement> = []
        var missing: [BaseRequirement] = []
        for source in stages.flatMap(\.sources) {
            guard case .image(let requirement) = source.value, bases[requirement] == nil else { continue }
            if seen.insert(requirement).inserted { missing.append(requirement) }
        }
        self.missing = missing
    }
}

/// A stage that will be built, with everything that runs in it.
struct SelectedStage: Sendable {
    let stage: Stage
    let base: StageSource
    /// What the base leaves to do; it runs first.
    let triggers: [ParsedInstruction]
    /// The stage's own; none if a context has taken the stage's place.
    let instructions: [ParsedInstruction]
    /// The base, and what instructions copy from or mount.
    let sources: [Located<StageSource>]

    init(_ stage: Stage, _ names: StageNames, _ bases: [BaseRequirement: PlannedBase]) throws(Diagnostic) {
        self.stage = stage
        base = try names.base(of: stage)
        guard try names.replacement(of: stage) == nil else {
            (triggers, instructions, sources) = ([], [], [Located(base, at: stage.span)])
            return
        }
        instructions = stage.instructions
        let texts: [String] =
            switch base {
            case .stage(let index): names.stages[index].triggers.map(\.text)
            case .image(let requirement): bases[requirement]?.config.container.onBuild ?? []
            case .scratch, .folder: []
            }
        var (triggers, sources) = ([ParsedInstruction](), [Located(base, at: stage.span)])
        for text in texts {
            do {
                let trigger = try InstructionParser.parseTrigger(RecipeSource(name: "ONBUILD", text: text))
                triggers.append(trigger)
                sources += try names.sources(of: [trigger]).map {
                    Located($0.value.moved(to: stage.span), at: stage.span)
                }
            } catch {
                throw .inTrigger(text, error, of: stage)
            }
        }
        self.triggers = triggers
        self.sources = sources + (try names.sources(of: stage.instructions))
    }
}

extension StageNames {
    /// What the instructions copy from or mount, in their order.
    fileprivate func sources(of instructions: [ParsedInstruction]) throws(Diagnostic) -> [Located<StageSource>] {
        var sources: [Located<StageSource>] = []
        for parsed in instructions {
            switch parsed.instruction {
            case .copy(let copy):
                if let from = copy.from { sources.append(Located(try copySource(from), at: from.span)) }
            case .run(let run):
                for mount in run.mounts {
                    if let from = mount.from { sources.append(Located(try source(named: from), at: from.span)) }
                }
            case .from, .add, .workdir, .arg, .cmd, .entrypoint, .env, .expose, .healthcheck, .label, .maintainer,
                .onbuild, .shell, .stopsignal, .user, .volume:
                break
            }
        }
        return sources
    }

    /// Refuses stages that need each other, wanted or not: takes away, one by one, the stages that need none of those
    /// left, and looks whether that leaves any.
    fileprivate func rejectCycles() throws(Diagnostic) {
        var needs: [[Located<Int>]] = []
        for stage in stages {
            let sources = [Located(try base(of: stage), at: stage.span)] + (try sources(of: stage.instructions))
            needs.append(
                sources.compactMap { source in
                    if case .stage(let index) = source.value { Located(index, at: source.span) } else { nil }
                })
        }
        guard let first = needs.indices.first(where: { index in needs[index].contains { $0.value >= index } }) else {
            return
        }

        var neededBy = [[Int]](repeating: [], count: stages.count)
        for (index, others) in needs.enumerated() {
            for other in others { neededBy[other.value].append(index) }
        }
        var open = needs.map(\.count)
        var free = open.indices.filter { open[$0] == 0 }
        while let index = free.popLast() {
            for dependent in neededBy[index] {
                open[dependent] -= 1
                if open[dependent] == 0 { free.append(dependent) }
            }
        }
        for index in needs.indices[first...] where open[index] > 0 {
            if let other = needs[index].first(where: { $0.value >= index && open[$0.value] > 0 }) {
                throw notYetDefined(other.value, in: stages[index], at: other.span)
            }
        }
    }

    /// A stage that needs itself or a later one.
    fileprivate func notYetDefined(_ other: Int, in stage: Stage, at span: SourceSpan) -> Diagnostic {
        guard other != stage.index else {
            return Diagnostic(
                .error, "stage-needs-itself", "the stage `\(stage.label)` copies from itself", at: span,
                hint: "copy from an earlier stage")
        }
        return Diagnostic(
            .error, "stage-too-late", "the stage `\(stage.label)` needs `\(stages[other].label)`, which comes after it",
            at: span, hint: "move `\(stages[other].label)` before it",
            notes: [Diagnostic.Note("it begins here", at: stages[other].span)])
    }
}

extension Diagnostic {
    /// What is wrong with a trigger, told where the base that carries it is named.
    static func inTrigger(_ text: String, _ problem: Diagnostic, of stage: Stage) -> Diagnostic {
        problem.moved(to: stage.span, note: "in the trigger `ONBUILD \(text)` of the stage's base")
    }
}
