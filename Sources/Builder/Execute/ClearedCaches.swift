import OCI
import Synchronization

/// The cache mounts that a build has begun anew, and which of their folders each of them has.
final class ClearedCaches: Sendable {
    private let numbers: Mutex<[Digest: Int]> = Mutex([:])

    /// The folder to begin with: the first that there is, unless this build took another.
    func number(of name: Digest) -> Int { numbers.withLock { $0[name] ?? 0 } }

    func contains(_ name: Digest) -> Bool { numbers.withLock { $0[name] != nil } }

    /// Calls `clear` for the first who asks, while all others wait; it returns the number of the folder that it emptied.
    func begin(_ name: Digest, clear: () throws(BuildError) -> Int) throws(BuildError) {
        try numbers.withLock { numbers throws(BuildError) in
            guard numbers[name] == nil else { return }
            numbers[name] = try clear()
        }
    }
}
