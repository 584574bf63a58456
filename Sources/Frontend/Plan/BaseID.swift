/// The place of a base in the list of bases that the plan was made with.
package struct BaseID: Hashable, Sendable {
    package let index: Int

    package init(index: Int) { self.index = index }
}
