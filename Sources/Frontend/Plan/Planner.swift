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
        let recipe = try Recipe(file)
        let target = try recipe.target(options.target)
        let arguments = try BuildArguments(
            options, globals: recipe.globals, targetStage: options.target ?? recipe.stages[target].name)
        let names = StageNames(stages: recipe.stages, options: options, arguments: arguments)
        let selection = try StageSelection(target: target, names: names, bases: bases)
        guard selection.missing.isEmpty else { return .needs(selection.missing) }

        var planned: [Int: PlannedStage] = [:]
        var steps: [Step] = []
        for stage in selection.stages {
            var planner = StagePlanner(
                stage, names: names, options: options, bases: bases, earlier: planned,
                escape: file.directives.escapeCharacter, steps: steps)
            steps = []
            try planner.run()
            planned[stage.stage.index] = planner.state
            steps = planner.steps
        }
        guard var result = planned[target] else { return .needs([]) }
        result.fold.finish(options)
        let image = PlannedImage(
            fileSystem: result.fileSystem, config: result.fold.finished, base: result.base, history: result.history)
        let unused = arguments.unused(declared: recipe.declaredArguments(selection))
        return .graph(BuildGraph(steps: steps, image: image, warnings: file.warnings + (unused.map { [$0] } ?? [])))
    }
}

extension Recipe {
    /// The names that any ARG of the recipe, or of a trigger, takes up.
    fileprivate func declaredArguments(_ selection: StageSelection) -> Set<String> {
        let instructions = stages.flatMap(\.instructions) + selection.stages.flatMap(\.triggers)
        let arguments = instructions.flatMap { parsed -> [Argument] in
            if case .arg(let arguments) = parsed.instruction { arguments } else { [] }
        }
        return Set((globals + arguments).map(\.name.value))
    }
}
