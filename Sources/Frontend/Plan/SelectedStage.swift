import OCI

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

extension Diagnostic {
    /// What is wrong with a trigger, told where the base that carries it is named.
    static func inTrigger(_ text: String, _ problem: Diagnostic, of stage: Stage) -> Diagnostic {
        problem.moved(to: stage.span, note: "in the trigger `ONBUILD \(text)` of the stage's base")
    }
}
