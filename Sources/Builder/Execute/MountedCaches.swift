import OCI
import Synchronization

/// The cache mounts that steps of this build have had: the others are as the last build left them.
final class MountedCaches: Sendable {
    /// One of the folders of a name.
    struct Folder: Hashable, Sendable {
        let name: Digest
        let number: Int
    }

    private let folders: Mutex<Set<Folder>> = Mutex([])

    func insert(_ name: Digest, number: Int) {
        folders.withLock { _ = $0.insert(Folder(name: name, number: number)) }
    }

    func contains(_ name: Digest) -> Bool { folders.withLock { $0.contains { $0.name == name } } }

    /// In an order that is always the same.
    var all: [Folder] {
        folders.withLock { $0 }.sorted { $0.name == $1.name ? $0.number < $1.number : $0.name < $1.name }
    }
}
