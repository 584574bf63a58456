/// `scratch` and `context` mean something already.
struct ReservedStageName: LintRule {
    private static let reserved = ["context", "scratch"]

    let summary = "no stage has a reserved name"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.compactMap { stage in
            guard let name = stage.stage.from.typedName, Self.reserved.contains(name.value.inLowerCase) else {
                return nil
            }
            return LintDraft("the stage name `\(name.value)` is a reserved word", at: name.span, of: stage.from)
        }
    }
}
