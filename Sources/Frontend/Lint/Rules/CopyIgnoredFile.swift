import OCI

/// A source that the ignore file takes out of the context is not there to be copied.
struct CopyIgnoredFile: LintRule {
    let summary = "COPY and ADD take nothing that the ignore file excludes"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read in
            read.contextSources.filter { isIgnored($0.value, recipe.facts.context) }.map { source in
                LintDraft(
                    "the ignore file excludes `\(source.value)`, which \(read.parsed.keyword.rawValue) takes",
                    at: source.span, of: read.parsed, hint: "let it through with a line `!\(source.value)`")
            }
        }
    }

    private func isIgnored(_ source: String, _ context: LintFacts.Context) -> Bool {
        switch context {
        case .unknown: false
        case .patterns(let patterns): patterns.excludeAll(of: source)
        case .surveyed(let states, let patterns):
            switch states[source] {
            case .ignored: true
            case .kept, .emptied: false
            case .absent, nil: patterns.excludeAll(of: source)
            }
        }
    }
}
