package import OCI

/// The file system that a step left, by content name.
package struct StepResult: Hashable, Sendable {
    /// All layers of the file system, the base's included, lowest first.
    package let layers: [DiffID]
    /// The name of the files without their times: what the next step's key is made of.
    package let tree: Digest
    /// The layer of this step; `nil` if it changed nothing.
    package let layer: DiffID?
    /// When the step ran, in seconds since 1970.
    package let created: Int64
    /// The keys under which the step's record is kept, the one that names all of its ingredients first.
    package private(set) var keys: [Digest] = []

    /// The file system of `scratch`.
    static let scratch = StepResult(layers: [], tree: .of([]), layer: nil, created: 0)

    /// The file system of a base. Its layers have no name without times, so their chain stands in.
    init(base diffIDs: [DiffID]) {
        let chain = diffIDs.reduce(nil as ChainID?) { ChainID($1, over: $0) }
        self.init(layers: diffIDs, tree: chain?.digest ?? .of([]), layer: nil, created: 0)
    }

    init(layers: [DiffID], tree: Digest, layer: DiffID?, created: Int64) {
        self.layers = layers
        self.tree = tree
        self.layer = layer
        self.created = created
    }

    /// The same, found or kept under these keys.
    func known(by keys: [Digest?]) -> StepResult {
        var result = self
        result.keys = keys.compactMap(\.self)
        return result
    }

    /// What a step that stands on this one leaves, given its layer and the name of the files in it.
    func adding(_ layer: DiffID?, tree: Digest, created: Int64) -> StepResult {
        StepResult(layers: layers + (layer.map { [$0] } ?? []), tree: tree, layer: layer, created: created)
    }
}
