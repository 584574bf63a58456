import OCI

/// FROM sees only the ARGs before the first FROM, and those of the platforms.
struct UndefinedArgInFrom: LintRule {
    let summary = "FROM uses declared ARGs only"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        guard let arguments = recipe.arguments else { return [] }
        let declared = arguments.global.names + recipe.globals.map(\.name.value)
        let known = Set(names: declared)
        var guesses = StageReader.maximumGuesses
        return recipe.stages.flatMap { stage in
            let words = [stage.stage.from.image] + [stage.stage.from.platform].compactMap(\.self)
            return words.flatMap { word -> [LintDraft] in
                guard let expansion = try? word.expansion(in: arguments.global) else { return [] }
                var seen: Set<ExactText> = []
                let undefined = expansion.unset.filter {
                    !known.contains($0.value) && seen.insert(ExactText($0.value)).inserted
                }
                return undefined.map { name in
                    guesses -= 1
                    let guess = guesses < 0 ? nil : closest(to: name.value, in: declared)
                    return LintDraft(
                        "no ARG before the first FROM declares `\(name.value)`", at: name.span, of: stage.from,
                        hint: guess.map { "did you mean `\($0)`?" })
                }
            }
        }
    }
}
