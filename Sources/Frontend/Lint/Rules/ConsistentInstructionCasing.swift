/// Keywords are all in upper or all in lower case, whichever most of the recipe's are. ARGs before the first FROM do not
/// count.
struct ConsistentInstructionCasing: LintRule {
    let summary = "all keywords are in the same letter case"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        let counted = recipe.stages.flatMap { [$0.from] + $0.stage.instructions }
        let cases = counted.map { LetterCase($0.typedKeyword.value) }
        let usual = cases.count { $0 == .lower } > cases.count { $0 == .upper } ? LetterCase.lower : .upper
        return zip(counted, cases).compactMap { parsed, letterCase in
            guard letterCase != usual else { return nil }
            let typed = parsed.typedKeyword
            return LintDraft(
                "`\(typed.value)` is not in \(usual.rawValue) case, as most keywords here are", at: typed.span,
                of: parsed, hint: "write `\(usual.applied(to: typed.value))`")
        }
    }
}
