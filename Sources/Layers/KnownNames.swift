import OCI
import Synchronization

/// What look-ups in a merged tree found, by path; of a path where nothing is, that.
final class KnownNames: Sendable {
    private let found = Mutex<[TreePath: MergedTree.Found?]>([:])

    func lookup(
        _ path: TreePath, else find: () throws(LayerError) -> MergedTree.Found?
    ) throws(LayerError) -> MergedTree.Found? {
        if let known = found.withLock({ $0[path] }) { return known }
        let found = try find()
        self.found.withLock { $0[path] = .some(found) }
        return found
    }
}
