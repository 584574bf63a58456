/// How many layers a finished image has.
package enum Squash: Hashable, Sendable {
    /// One for each step that changed something, over those of the base.
    case nothing
    /// One over those of the base: `--squash`.
    case newLayers
    /// One: `--squash-all`.
    case everything
}
