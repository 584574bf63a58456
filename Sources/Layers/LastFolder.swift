import OCI
import Synchronization

/// The folder in which a look-up in a merged tree ended last, if no link led there.
///
/// Who copies a folder asks for its files one after the other, and for each of them more than once.
final class LastFolder: Sendable {
    private let folder = Mutex<MergedTree.Found?>(nil)

    /// The folder, if it is the one at this path.
    func folder(at path: TreePath) -> MergedTree.Found? {
        folder.withLock { $0?.path == path ? $0 : nil }
    }

    func remember(_ found: MergedTree.Found) { folder.withLock { $0 = found } }
}
