import OCI
import Synchronization

/// The cache mounts that steps of this build have had: the others are as the last build left them.
final class MountedCaches: Sendable {
    private let names: Mutex<Set<Digest>> = Mutex([])

    func insert(_ name: Digest) { names.withLock { _ = $0.insert(name) } }

    func contains(_ name: Digest) -> Bool { names.withLock { $0.contains(name) } }
}
