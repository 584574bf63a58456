/// Checks recipes: recipe, arguments and facts → findings. Pure.
package enum Linter {
    /// What a rule is called and what it asks for.
    package struct RuleDescription: Hashable, Sendable {
        package let name: String
        package let summary: String
    }

    /// All rules, by name.
    package static let rules = LintRules.all.map { RuleDescription(name: $0.name, summary: $0.summary) }

    /// How much of the recipe there is to check.
    package enum Extent: Hashable, Sendable {
        case whole
        /// What stands before a mistake.
        case beginning
    }

    /// What the rules find, in the order of the recipe.
    package static func findings(
        in recipe: LintedRecipe, _ extent: Extent, _ settings: LintSettings
    ) -> [LintFinding] {
        var findings: [LintFinding] = []
        // One instruction may bring any number of findings, and have any number of comments.
        var known: [[SourceSpan]: LintSettings] = [:]
        for rule in LintRules.all where extent == .whole || rule.extent == .instruction {
            for draft in rule.findings(in: recipe) {
                let places = draft.instructions.map(\.span)
                let own = known[places] ?? draft.instructions.reduce(settings) { $0.adding($1.leadingComments) }
                known[places] = own
                guard let isBinding = own.judge(rule, draft.occasion) else { continue }
                let diagnostic = Diagnostic(.warning, rule.name, draft.message, at: draft.span, hint: draft.hint)
                findings.append(
                    LintFinding(rule: rule.name, summary: rule.summary, diagnostic: diagnostic, isBinding: isBinding))
            }
        }
        return findings.sorted { ($0.span.start, $0.rule) < ($1.span.start, $1.rule) }
    }

    /// The error that findings become where the recipe says `error=true`.
    package static func failure(_ findings: [LintFinding], _ settings: LintSettings) -> Diagnostic? {
        let binding = findings.filter(\.isBinding)
        guard settings.failsBuild, let first = binding.first else { return nil }
        let names = Set(binding.map(\.rule)).sorted().map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            .error, "check-failed", "the recipe says `error=true`, and these rules found something: \(names)",
            at: first.span, hint: "mend it, or add `skip=\(first.rule)` to the `# check=` line")
    }
}
