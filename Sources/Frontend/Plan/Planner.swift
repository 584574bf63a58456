import OCI

/// Recipe, arguments and bases → build graph. Pure: the same in, the same out.
package enum Planner {
    /// Plans what the target needs.
    ///
    /// Images have to be looked up to know what they say, so planning comes in rounds: it asks for bases until all are
    /// known, those that triggers of bases ask for included.
    /// - Throws: the first thing that is wrong with the recipe, or with what the command line says about it.
    package static func plan(
        _ file: RecipeFile, _ options: PlanOptions, bases: [BaseRequirement: PlannedBase]
    ) throws(Diagnostic) -> PlanOutcome {
        let recipe = Recipe(file)
        let target = try recipe.target(options.target)
        let arguments = try BuildArguments(
            options, globals: recipe.globals, targetStage: options.target ?? recipe.stages[target].name)
        let names = StageNames(stages: recipe.stages, options: options, arguments: arguments)
        let epoch = arguments.epoch.flatMap { Int64($0) }
        if let text = arguments.epoch, epoch == nil {
            let search = TimeSearch(
                recipe: recipe, names: names, options: options, escape: file.directives.escapeCharacter)
            return .needsTime(text, try search.source(named: text))
        }
        let selection = try StageSelection(targets: [target], names: names, bases: bases)
        guard selection.missing.isEmpty else { return .needs(selection.missing) }

        var planned: [Int: PlannedStage] = [:]
        var steps: [Step] = []
        for stage in selection.stages {
            planned[stage.stage.index] = try plan(
                stage, names, options, bases, planned, file.directives.escapeCharacter, &steps)
        }
        guard var result = planned[target] else { return .needs([]) }
        result.fold.finish(options)
        let image = PlannedImage(
            fileSystem: result.fileSystem, config: result.fold.finished, base: result.base,
            history: history(of: target, planned))
        let unused = arguments.unused(declared: recipe.declaredArguments(selection))
        let warnings = file.warnings + [unused, recipe.unmatchedFilter(options.uncachedStages)].compactMap(\.self)
        return .graph(BuildGraph(steps: steps, image: image, warnings: warnings, epoch: epoch))
    }

    /// Plans one stage; its steps join those of the stages before.
    static func plan(
        _ stage: SelectedStage, _ names: StageNames, _ options: PlanOptions, _ bases: [BaseRequirement: PlannedBase],
        _ earlier: [Int: PlannedStage], _ escape: EscapeCharacter, _ steps: inout [Step]
    ) throws(Diagnostic) -> PlannedStage {
        var planner = StagePlanner(
            stage, names: names, options: options, bases: bases, earlier: earlier, escape: escape, steps: steps)
        // The planner is to be the only one that holds the steps, or each that it adds would copy them all.
        steps = []
        try planner.run()
        steps = planner.steps
        return planner.state
    }

    /// The lines of a stage and, before them, those of the stages it stands on.
    private static func history(of stage: Int, _ planned: [Int: PlannedStage]) -> [PlannedHistory] {
        var parts: [[PlannedHistory]] = []
        var next: Int? = stage
        while let index = next {
            parts.append(planned[index]?.history ?? [])
            next = planned[index]?.parent
        }
        return Array(parts.reversed().joined())
    }
}

extension Recipe {
    /// A warning for names in `--no-cache-filter` that no stage has.
    fileprivate func unmatchedFilter(_ names: Set<ExactText>) -> Diagnostic? {
        let known = stages.map(\.label)
        guard let name = names.subtracting(Set(names: known)).min()?.text else { return nil }
        return Diagnostic(
            .warning, "unused-cache-filter", "no stage is called `\(name)`, which `--no-cache-filter` names",
            hint: closest(to: name, in: known).map { "did you mean `\($0)`?" })
    }

    /// The names that any ARG of the recipe, or of a trigger, takes up.
    fileprivate func declaredArguments(_ selection: StageSelection) -> Set<ExactText> {
        let instructions = stages.flatMap(\.instructions) + selection.stages.flatMap(\.triggers)
        let arguments = instructions.flatMap { parsed -> [Argument] in
            if case .arg(let arguments) = parsed.instruction { arguments } else { [] }
        }
        return Set(names: (globals + arguments).map(\.name.value))
    }
}
