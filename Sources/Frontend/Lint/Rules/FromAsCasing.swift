/// `FROM … AS` or `from … as`. Where FROM itself is in mixed case, ``ConsistentInstructionCasing`` has its say.
struct FromAsCasing: LintRule {
    let summary = "AS is in the letter case of its FROM"
    let extent = LintExtent.instruction

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.compactMap { stage in
            guard let keyword = stage.stage.from.asKeyword, let letterCase = LetterCase(stage.from.typedKeyword.value)
            else { return nil }
            let fitting = letterCase.applied(to: keyword.value)
            guard keyword.value != fitting else { return nil }
            return LintDraft(
                "`\(keyword.value)` is not in the letter case of `\(stage.from.typedKeyword.value)`", at: keyword.span,
                of: stage.from, hint: "write `\(fitting)`")
        }
    }
}
