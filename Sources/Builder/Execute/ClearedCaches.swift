import OCI
import Synchronization

/// The cache mounts that a build has emptied.
final class ClearedCaches: Sendable {
    private let names: Mutex<Set<Digest>> = Mutex([])

    /// True for the first who asks.
    func insert(_ name: Digest) -> Bool { names.withLock { $0.insert(name).inserted } }
}
