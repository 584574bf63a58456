package import OCI

/// An image that a recipe needs before it can be planned: `FROM name`, `COPY --from=name`, a mount's `from=name`.
///
/// Two requirements are the same if name and platform are, wherever the recipe makes them.
package struct BaseRequirement: Hashable, Sendable {
    /// As the recipe says it, expanded; not normalised.
    package let name: String
    package let platform: Platform
    /// The first place that asks for it.
    package let span: SourceSpan?

    package init(name: String, platform: Platform, span: SourceSpan? = nil) {
        self.name = name
        self.platform = platform
        self.span = span
    }

    package static func == (left: BaseRequirement, right: BaseRequirement) -> Bool {
        ExactText(left.name) == ExactText(right.name) && left.platform == right.platform
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ExactText(name))
        hasher.combine(platform)
    }
}
