/// Docker looks stages up by their names in lower case.
struct StageNameCasing: LintRule {
    let summary = "the names of stages are in lower case"
    let extent = LintExtent.instruction

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.compactMap { stage in
            guard let name = stage.stage.from.typedName, name.value != name.value.inLowerCase else { return nil }
            return LintDraft(
                "the stage name `\(name.value)` is not in lower case", at: name.span, of: stage.from,
                hint: "write `\(name.value.inLowerCase)`")
        }
    }
}
