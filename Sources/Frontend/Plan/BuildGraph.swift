/// What a recipe comes to: the steps to take, in an order in which they may be taken, and the image that they make.
///
/// The graph is fully expanded. Nothing in it is text of the recipe that somebody has to parse again.
package struct BuildGraph: Hashable, Sendable {
    /// Each step depends only on steps before it. Only what the target needs is here.
    package let steps: [Step]
    /// The image that the target stage makes.
    package let image: PlannedImage
    /// What is worth telling although it stops nothing.
    package let warnings: [Diagnostic]

    /// `SOURCE_DATE_EPOCH` in seconds, if a build argument or a global ARG of the recipe sets it.
    package let epoch: Int64?

    package init(steps: [Step], image: PlannedImage, warnings: [Diagnostic] = [], epoch: Int64? = nil) {
        self.steps = steps
        self.image = image
        self.warnings = warnings
        self.epoch = epoch
    }
}
