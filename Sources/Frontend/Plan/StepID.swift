/// The place of a step in its graph.
package struct StepID: Hashable, Sendable {
    package let index: Int

    package init(index: Int) { self.index = index }
}
