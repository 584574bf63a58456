import OCI

/// A constant platform makes an image of mixed platforms, unless the stage's name says that it is meant so.
struct FromPlatformFlagConstDisallowed: LintRule {
    let summary = "`FROM --platform` is not a constant"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        guard let arguments = recipe.arguments else { return [] }
        return recipe.stages.compactMap { stage in
            guard let word = stage.stage.from.platform, let expansion = try? word.expansion(in: arguments.global),
                expansion.used.isEmpty, expansion.unset.isEmpty, let platform = stage.platform
            else { return nil }
            let name = stage.stage.name ?? ""
            guard !name.contains(platform.os), !name.contains(platform.architecture) else { return nil }
            return LintDraft(
                "the base is for `\(expansion.text)`, whatever the image is for", at: word.span, of: stage.from,
                hint: "use `$BUILDPLATFORM` or an ARG, or name the stage after the platform")
        }
    }
}
