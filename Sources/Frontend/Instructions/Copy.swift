/// `COPY [flags] source… destination`
package struct Copy: Hashable, Sendable {
    /// Paths and heredocs in the order in which they were written.
    package let sources: [CopySource]
    package let destination: Word
    /// An earlier stage, a named context or an image; may hold no variables, which the planner checks.
    package let from: Word?
    package let owner: Word?
    package let mode: Word?
    package let link: Bool
    package let keepsParents: Bool
    /// Patterns; variables in them are not replaced.
    package let excludes: [Located<String>]
}

/// Something that COPY or ADD takes.
package enum CopySource: Hashable, Sendable {
    /// A path or pattern; for ADD also an address.
    case path(Word)
    /// A file whose text stands in the recipe.
    case document(Heredoc)
}
