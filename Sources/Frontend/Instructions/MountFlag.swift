/// `RUN --mount=type=…,…` as written: its options are read when the step is planned, variables replaced.
package struct MountFlag: Hashable, Sendable {
    /// One `key=value` or bare `key`, as a word that may hold variables.
    let options: [Word]
    package let span: SourceSpan
    /// The stage, context or image that the mount shows; the one option that may hold no variables.
    package let from: Located<String>?
}
