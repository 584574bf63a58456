import Layers
import OCI
import Synchronization
import SystemPackage

/// The lists of layers that a build has asked for: where their folders are, opened once.
///
/// Nothing leaves the store while a build has its lock.
final class UnpackedStacks: Sendable {
    /// Layers over each other.
    struct Stack: Sendable {
        /// Names the file system that they make; `nil` if there are none.
        let chain: ChainID?
        /// The lowest first.
        let folders: [FilePath]

        func adding(_ folder: FilePath, as chain: ChainID) -> Stack {
            Stack(chain: chain, folders: folders + [folder])
        }
    }

    let folders = FinishedLayers()
    private let stacks = Mutex<[[DiffID]: Stack]>([:])

    func stack(of layers: some Collection<DiffID>) -> Stack? { stacks.withLock { $0[Array(layers)] } }

    func note(_ stack: Stack, for layers: [DiffID]) { stacks.withLock { $0[layers] = stack } }
}
