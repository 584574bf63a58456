import OCI

/// A folder stays when only its files are excluded, and is copied empty.
struct CopyEmptiedFolder: LintRule {
    let summary = "the ignore file leaves something of a folder that is copied"
    let origin = LintRuleOrigin.own

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        guard case .surveyed(let states, _) = recipe.facts.context else { return [] }
        return recipe.instructions.flatMap { read in
            read.contextSources.filter { states[$0.value] == .emptied }.map { source in
                LintDraft(
                    "the ignore file excludes everything in `\(source.value)`, so an empty folder is copied",
                    at: source.span, of: read.parsed,
                    hint: "if that is meant, say so with `# check=skip=CopyEmptiedFolder` above")
            }
        }
    }
}
