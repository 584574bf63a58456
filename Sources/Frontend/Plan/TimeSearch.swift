import OCI

/// Finds what SOURCE_DATE_EPOCH means by a word: the context, a context with a name, or a stage that is nothing but one
/// thing from elsewhere.
struct TimeSearch {
    let recipe: Recipe
    let names: StageNames
    let options: PlanOptions
    let escape: EscapeCharacter

    func source(named text: String) throws(Diagnostic) -> TimeSource {
        if text == "context" { return .context(nil) }
        if options.folderContexts.contains(text) { return .context(text) }
        guard let stage = recipe.stages.first(where: { $0.name == text.inLowerCase }) else {
            let candidates = recipe.stages.compactMap(\.name) + options.folderContexts.map(\.text) + ["context"]
            throw problem(
                "SOURCE_DATE_EPOCH cannot be `\(text)`",
                hint: closest(to: text, in: candidates).map { "did you mean `\($0)`?" }
                    ?? "write seconds since 1970, `context`, or the name of a context or a stage")
        }
        return .remote(try remote(of: stage))
    }

    private func remote(of stage: Stage) throws(Diagnostic) -> CopyOperation.Source {
        guard case .scratch = try names.base(of: stage), stage.instructions.allSatisfy(\.isAddOrArgument) else {
            throw unsuitable(stage)
        }
        var planner = StagePlanner(
            try SelectedStage(stage, names, [:]), names: names, options: options, bases: [:], earlier: [:],
            escape: escape, steps: [])
        try planner.run()
        guard planner.steps.count == 1, case .copy(let copy) = planner.steps[0].operation, copy.sources.count == 1
        else { throw unsuitable(stage) }
        switch copy.sources[0] {
        case .web, .git: return copy.sources[0]
        case .path, .inline: throw unsuitable(stage)
        }
    }

    private func unsuitable(_ stage: Stage) -> Diagnostic {
        problem(
            "the stage `\(stage.label)` has no time that SOURCE_DATE_EPOCH could be",
            hint: "such a stage is `FROM scratch` with one ADD of an address or a git repository")
    }

    /// At the ARG that sets it, unless the command line does.
    private func problem(_ message: String, hint: String) -> Diagnostic {
        let argument = recipe.globals.last { $0.name.value == "SOURCE_DATE_EPOCH" }
        let span = names.arguments.isEpochGiven ? nil : argument?.name.span
        return Diagnostic(.error, "bad-epoch", message, at: span, hint: hint)
    }
}

extension ParsedInstruction {
    fileprivate var isAddOrArgument: Bool {
        switch instruction {
        case .add, .arg: true
        case .from, .copy, .run, .workdir, .cmd, .entrypoint, .env, .expose, .healthcheck, .label, .maintainer,
            .onbuild, .shell, .stopsignal, .user, .volume:
            false
        }
    }
}
