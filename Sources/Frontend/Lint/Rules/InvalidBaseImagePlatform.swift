import OCI

/// The store may hold an image for another machine under the name.
struct InvalidBaseImagePlatform: LintRule {
    let summary = "a base is for the platform that the stage is for"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.compactMap { stage in
            guard case .image(let requirement) = stage.base, let base = recipe.facts.bases[requirement] else {
                return nil
            }
            let (actual, expected) = (base.config.platform, requirement.platform)
            guard (actual.os, actual.architecture) != (expected.os, expected.architecture) else { return nil }
            return LintDraft(
                "`\(requirement.name)` is for `\(actual)`, and the stage for `\(expected)`",
                at: stage.stage.from.image.span, of: stage.from)
        }
    }
}
