import OCI

/// A base without a tag is whatever was pushed last. `latest` written out says that this is meant, so it is told only
/// where the rule is asked for by name.
struct UnpinnedBaseImage: LintRule {
    let summary = "a base has a tag or a digest"
    let origin = LintRuleOrigin.own

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.compactMap { stage in
            guard case .image(let requirement) = stage.base, !stage.isReplaced,
                let name = Reference(requirement.name), name.digest == nil
            else { return nil }
            let component = requirement.name.split(separator: "/").last ?? ""
            let isTagged = component.contains(":")
            guard !isTagged || name.tag == "latest" else { return nil }
            return LintDraft(
                isTagged
                    ? "`\(requirement.name)` is another image from time to time"
                    : "`\(requirement.name)` has no tag, so it is another image from time to time",
                at: stage.stage.from.image.span, of: stage.from,
                hint:
                    "add a version, as in `\(name.repository.split(separator: "/").last ?? "image"):1.2`, or a digest",
                occasion: isTagged ? .onRequest : .always)
        }
    }
}
