/// Nobody reads the field that MAINTAINER sets.
struct MaintainerDeprecated: LintRule {
    let summary = "a label names the author, not MAINTAINER"
    let extent = LintExtent.instruction

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.file.instructions.filter { $0.keyword == .maintainer }.map { parsed in
            LintDraft(
                "MAINTAINER is deprecated", at: parsed.typedKeyword.span, of: parsed,
                hint: "write `LABEL org.opencontainers.image.authors=…`")
        }
    }
}
