/// The stages that targets need, what stands under each, and the images that must be known to say so.
struct StageSelection: Sendable {
    /// In the order of the recipe, which is one in which they can be planned. Incomplete while something is missing.
    let stages: [SelectedStage]
    /// The bases that the stages need and of which nothing is known yet, in the order of the recipe.
    let missing: [BaseRequirement]

    /// - Throws: what is wrong with a name anywhere in the recipe, or with a trigger of a base.
    init(targets: Set<Int>, names: StageNames, bases: [BaseRequirement: PlannedBase]) throws(Diagnostic) {
        try names.rejectCycles()
        var needed = targets
        var selected: [SelectedStage] = []
        for index in names.stages.indices.reversed() where needed.contains(index) {
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
