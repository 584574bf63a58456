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

    private let finished = FinishedLayers()
    private let stacks = Mutex<[[DiffID]: Stack]>([:])
    private let trees = Mutex<[[DiffID]: MergedTree]>([:])

    func stack(of layers: some Collection<DiffID>) -> Stack? { stacks.withLock { $0[Array(layers)] } }

    func note(_ stack: Stack, for layers: [DiffID]) { stacks.withLock { $0[layers] = stack } }

    /// The layers as one tree, given where their folders are.
    func tree(of layers: [DiffID], at folders: [FilePath]) throws(LayerError) -> MergedTree {
        if let tree = tree(of: layers) { return tree }
        let tree =
            if let top = folders.last, let below = tree(of: Array(layers.dropLast())) {
                try MergedTree(top, over: below, from: finished)
            } else {
                try MergedTree(layers: folders, from: finished)
            }
        trees.withLock { $0[layers] = tree }
        return tree
    }

    private func tree(of layers: [DiffID]) -> MergedTree? { trees.withLock { $0[layers] } }
}
