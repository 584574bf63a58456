/// A file system that a step stands on or copies from.
package enum FileSystem: Hashable, Sendable {
    /// Nothing at all.
    case scratch
    case base(BaseID)
    /// What the step left behind.
    case step(StepID)
}

/// The place of a base in the list of bases that the plan was made with.
package struct BaseID: Hashable, Sendable {
    package let index: Int

    package init(index: Int) { self.index = index }
}

/// The place of a step in its graph.
package struct StepID: Hashable, Sendable {
    package let index: Int

    package init(index: Int) { self.index = index }
}
