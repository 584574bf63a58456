import OCI

/// Whoever names a stage that there is twice gets one of them.
struct DuplicateStageName: LintRule {
    let summary = "each stage has a name of its own"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        var seen: Set<ExactText> = []
        return recipe.stages.compactMap { stage in
            guard let name = stage.stage.from.typedName, !seen.insert(ExactText(name.value.inLowerCase)).inserted else {
                return nil
            }
            return LintDraft("another stage is called `\(name.value)` too", at: name.span, of: stage.from)
        }
    }
}
