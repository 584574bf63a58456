package import OCI

/// A base that has been found: what the planner must know of it.
package struct PlannedBase: Hashable, Sendable {
    package let id: BaseID
    package let config: ImageConfig

    package init(id: BaseID, config: ImageConfig) {
        self.id = id
        self.config = config
    }
}
