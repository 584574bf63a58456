package import OCI

/// What must be known to check a recipe and does not stand in it.
package struct LintFacts: Sendable {
    /// What is known of the context's files.
    package enum Context: Sendable {
        case unknown
        /// What the ignore file says, the files themselves unseen.
        case patterns(IgnorePatterns)
        /// Each source of COPY and ADD was looked for.
        case surveyed(ExactMap<SourceState>, IgnorePatterns)
    }

    /// What the ignore file leaves of a source.
    package enum SourceState: Hashable, Sendable {
        /// Something is copied, or the source is an empty folder.
        case kept
        /// There are files, and none is left.
        case ignored
        /// There is a folder and it is left, but none of its files.
        case emptied
        /// There is nothing of the name.
        case absent
    }

    package var bases: [BaseRequirement: PlannedBase] = [:]
    package var context = Context.unknown
    /// The values that the build was given as secrets.
    package var secrets: [[UInt8]] = []

    package init() {}
}
