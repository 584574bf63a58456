import OCI

extension Planner {
    /// The first thing that planning finds wrong in a stage that the target needs; in any stage, if none is asked for.
    ///
    /// A base that nobody knows stands for one that says nothing, and what then depends on its variables is passed
    /// over: it may be right.
    package static func problem(in linted: LintedRecipe) -> Diagnostic? {
        do {
            return try firstProblem(in: linted)
        } catch {
            return error
        }
    }

    /// The bases that the stages need and that are not known yet; none if something is wrong with the stages.
    package static func missingBases(
        of file: RecipeFile, _ options: PlanOptions, _ known: [BaseRequirement: PlannedBase]
    ) -> [BaseRequirement] {
        let recipe = Recipe(file)
        guard let target = try? recipe.target(options.target),
            let arguments = try? BuildArguments(
                options, globals: recipe.globals, targetStage: options.target ?? recipe.stages[target].name)
        else { return [] }
        let names = StageNames(stages: recipe.stages, options: options, arguments: arguments)
        let targets = options.target == nil ? Set(recipe.stages.indices) : [target]
        return (try? StageSelection(targets: targets, names: names, bases: known))?.missing ?? []
    }

    private static func firstProblem(in linted: LintedRecipe) throws(Diagnostic) -> Diagnostic? {
        let (file, options) = (linted.file, linted.options)
        let recipe = Recipe(file)
        let target = try recipe.target(options.target)
        let arguments = try BuildArguments(
            options, globals: recipe.globals, targetStage: options.target ?? recipe.stages[target].name)
        let names = StageNames(stages: recipe.stages, options: options, arguments: arguments)
        let targets = options.target == nil ? Set(recipe.stages.indices) : [target]
        let (selection, bases) = try select(targets, names, linted.facts.bases)

        var planned: [Int: PlannedStage] = [:]
        var steps: [Step] = []
        for stage in selection.stages {
            do {
                planned[stage.stage.index] = try plan(
                    stage, names, options, bases, planned, file.directives.escapeCharacter, &steps)
            } catch {
                let read = linted.stages[stage.stage.index]
                guard let span = error.span, read.isUndecided(at: span) else { return error }
            }
        }
        return nil
    }

    /// Bases may bring triggers that need further bases, so it goes in rounds until nothing is missing.
    private static func select(
        _ targets: Set<Int>, _ names: StageNames, _ known: [BaseRequirement: PlannedBase]
    ) throws(Diagnostic) -> (StageSelection, [BaseRequirement: PlannedBase]) {
        var bases = known
        while true {
            let selection = try StageSelection(targets: targets, names: names, bases: bases)
            if selection.missing.isEmpty { return (selection, bases) }
            for requirement in selection.missing {
                bases[requirement] = PlannedBase(
                    id: BaseID(index: bases.count), config: ImageConfig(platform: requirement.platform))
            }
        }
    }
}
