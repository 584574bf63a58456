/// A recipe, read and parsed.
package struct RecipeFile: Hashable, Sendable {
    package let source: RecipeSource
    package let directives: Directives
    package let instructions: [ParsedInstruction]
    /// What is worth saying although the recipe can be built.
    package let warnings: [Diagnostic]
}
