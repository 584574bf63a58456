/// A file system that a step stands on or copies from.
package enum FileSystem: Hashable, Sendable {
    /// Nothing at all.
    case scratch
    case base(BaseID)
    /// What the step left behind.
    case step(StepID)
}
