/// A base is for the target's platform anyway.
struct RedundantTargetPlatform: LintRule {
    let summary = "FROM does not say `--platform=$TARGETPLATFORM`, which holds without it"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        guard let arguments = recipe.arguments else { return [] }
        return recipe.stages.compactMap { stage in
            guard let word = stage.stage.from.platform, let expansion = try? word.expansion(in: arguments.global),
                Set(expansion.used.map(\.value)) == ["TARGETPLATFORM"], expansion.unset.isEmpty,
                expansion.text == arguments.global["TARGETPLATFORM"]
            else { return nil }
            return LintDraft(
                "`--platform=\(word.text)` says what holds without it", at: word.span, of: stage.from,
                hint: "remove the flag")
        }
    }
}
