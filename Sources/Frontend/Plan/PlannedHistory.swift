/// A line of history to come (image-spec, config.md, `history`).
package struct PlannedHistory: Hashable, Sendable {
    package let createdBy: String
    package let comment: String?
    /// The step that makes the line's layer; `nil` for an instruction that only changes the configuration.
    package let step: StepID?

    package init(createdBy: String, comment: String? = nil, step: StepID? = nil) {
        self.createdBy = createdBy
        self.comment = comment
        self.step = step
    }
}
