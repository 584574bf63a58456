package import Frontend
package import SystemPackage

/// What checking a recipe came to.
package struct CheckReport: Sendable {
    package let source: RecipeSource
    /// Where the recipe lies; `nil` if it came from standard input.
    package let path: FilePath?
    /// In the order of the recipe.
    package let findings: [LintFinding]
    /// Why the recipe cannot be built, or may not: `error=true` makes an error of what was found.
    package let problem: Diagnostic?
}
