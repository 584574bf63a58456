import OCI
import Synchronization

/// What look-ups in a merged tree found, by path; of a path where nothing is, that.
final class KnownNames: Sendable {
    /// No more than this many are remembered: a step asks for the same few names again and again, and a walk of a large
    /// folder for each of a million once.
    private static let limit = 1 << 15

    /// How many layers the tree has.
    let layerCount: Int
    /// What is known of the tree without its topmost layer, if anybody had that one.
    let below: KnownNames?
    private let found = Mutex<[TreePath: MergedTree.Found?]>([:])

    init(layerCount: Int, below: KnownNames?) {
        self.layerCount = layerCount
        self.below = below
    }

    /// `nil` if the path has not been looked up.
    func known(_ path: TreePath) -> MergedTree.Found?? { found.withLock { $0[path] } }

    func lookup(
        _ path: TreePath, else find: () throws(LayerError) -> MergedTree.Found?
    ) throws(LayerError) -> MergedTree.Found? {
        if let known = known(path) { return known }
        let found = try find()
        self.found.withLock { if $0.count < Self.limit { $0[path] = .some(found) } }
        return found
    }
}
