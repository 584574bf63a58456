/// What a recipe can be built up to: its stages.
package struct TargetList: Hashable, Sendable {
    package struct Target: Hashable, Sendable {
        /// In lower case; `nil` for a stage without one.
        package let name: String?
        /// From 0; `--target` takes it too.
        package let number: Int
        package let description: String?
        /// As written, variables and all.
        package let base: String
        package let platform: String?
        /// Built if no target is asked for.
        package let isDefault: Bool
        package let span: SourceSpan
    }

    /// In the order of the recipe.
    package let targets: [Target]

    package init(_ linted: LintedRecipe) {
        let stages = linted.stages.map(\.stage)
        targets = stages.map { stage in
            Target(
                name: stage.name, number: stage.index, description: stage.from.description,
                base: stage.from.image.text, platform: stage.from.platform?.text,
                isDefault: stage.index == stages.count - 1, span: stage.span)
        }
    }
}
