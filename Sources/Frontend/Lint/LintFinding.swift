/// Something that a rule found in a recipe.
package struct LintFinding: Hashable, Sendable {
    /// The name of the rule, which is the diagnostic's code too.
    package let rule: String
    /// What the rule asks for.
    package let summary: String
    package let diagnostic: Diagnostic
    /// True if it fails the build where the recipe says `error=true`.
    package let isBinding: Bool

    package var span: SourceSpan { diagnostic.span ?? SourceSpan(0, 0) }
}
