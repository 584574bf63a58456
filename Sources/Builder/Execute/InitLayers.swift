import Layers
import Store
import Synchronization
import SystemPackage

/// The init layers of one build. Steps that lack the same places in the same folders share one: it is only ever read.
final class InitLayers: Sendable {
    private let snapshots: SnapshotStore
    private let made = Mutex<[[TarEntry]: FilePath]>([:])

    init(_ snapshots: SnapshotStore) { self.snapshots = snapshots }

    /// A folder that holds just these entries, all of them folders and empty files.
    func folder(of entries: [TarEntry]) throws(BuildError) -> FilePath {
        try made.withLock { made throws(BuildError) in
            if let path = made[entries] { return path }
            let path = try fromStore { () throws(StoreError) in try snapshots.scratchPath() }
            try InitLayer.write(entries, into: path)
            made[entries] = path
            return path
        }
    }
}
