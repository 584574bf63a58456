/// What nothing defines expands to nothing. Variables of a base that is not in the store may be defined.
struct UndefinedVar: LintRule {
    let summary = "variables are defined before they are used"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read in
            read.undefined.map { undefined in
                LintDraft(
                    "nothing defines `$\(undefined.name.value)` before this", at: undefined.name.span, of: read.parsed,
                    hint: undefined.guess.map { "did you mean `$\($0)`?" })
            }
        }
    }
}
