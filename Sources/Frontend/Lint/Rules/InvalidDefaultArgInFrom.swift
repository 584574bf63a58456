import OCI

/// A recipe can be built without build arguments.
struct InvalidDefaultArgInFrom: LintRule {
    let summary = "FROM names an image although no build argument is given"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        var options = recipe.options
        options.arguments = [:]
        // What cannot be expanded without arguments may well be meant so, with `${name:?}`.
        guard let arguments = try? BuildArguments(options, globals: recipe.globals, targetStage: nil) else { return [] }
        return recipe.stages.compactMap { stage in
            let word = stage.stage.from.image
            guard let expansion = try? word.expansion(in: arguments.global),
                !(expansion.used.isEmpty && expansion.unset.isEmpty), !expansion.text.isImageName
            else { return nil }
            return LintDraft(
                "without build arguments `\(word.text)` is no image", at: word.span, of: stage.from,
                hint: "give each ARG in it a default")
        }
    }
}

extension String {
    /// True of what can be looked up: an image's name, or a stage's.
    fileprivate var isImageName: Bool { Reference(self) != nil }
}
