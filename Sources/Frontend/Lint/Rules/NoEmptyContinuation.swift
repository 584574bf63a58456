/// Docker skips blank lines within an instruction, and says that it will not for ever.
struct NoEmptyContinuation: LintRule {
    let summary = "no blank line stands within an instruction"
    let extent = LintExtent.instruction

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.file.instructions.compactMap { parsed in
            parsed.blankLines.first.map { blank in
                LintDraft(
                    "a blank line stands within this instruction", at: blank, of: parsed,
                    hint: "remove it, or put a comment there; docker will refuse it one day")
            }
        }
    }
}
