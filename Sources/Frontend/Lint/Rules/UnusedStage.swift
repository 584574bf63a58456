import OCI

/// A stage that is not the last, that no other stage uses, and that no `--target` can name: it has no name, or another
/// one of its name follows. One with a name is a target that somebody may want, so it is told only where the rule is
/// asked for.
struct UnusedStage: LintRule {
    let summary = "every stage but the last is used by another"
    let origin = LintRuleOrigin.own

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        guard recipe.arguments != nil, let last = recipe.stages.last else { return [] }
        let used = Set(recipe.stages.flatMap(\.usedStages))
        let target = recipe.target
        var later: Set<ExactText> = []
        var findings: [LintDraft] = []
        for stage in recipe.stages.reversed() {
            let name = stage.stage.name
            let isTarget = name.map { later.insert(ExactText($0)).inserted } ?? false
            let index = stage.stage.index
            guard index != last.stage.index, !used.contains(index), index != target else { continue }
            findings.append(
                LintDraft(
                    "no stage uses `\(stage.stage.label)`", at: stage.stage.from.image.span, of: stage.from,
                    hint: isTarget ? "it is built only with `--target \(stage.stage.label)`" : "remove it",
                    occasion: isTarget ? .onRequest : .always))
        }
        return findings.reversed()
    }
}

extension LintedRecipe {
    /// The stage that `--target` asks for, if it does.
    fileprivate var target: Int? { options.target.flatMap { try? Recipe(file).target($0) } }
}
