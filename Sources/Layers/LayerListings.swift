import OCI
import Synchronization

/// The names in folders of a finished layer, each folder listed when the first name is looked up in it.
final class LayerListings: Sendable {
    private struct Known {
        var names: [TreePath: [[UInt8]]] = [:]
        var isRootOpaque: Bool?
    }

    private let known = Mutex(Known())

    /// What the folder, which must be one of this layer, holds.
    func names(in folder: TreePath, of layer: LayerRoot) throws(LayerError) -> [[UInt8]] {
        try known.withLock { known throws(LayerError) in
            if let names = known.names[folder] { return names }
            let names = try layer.names(in: folder)
            known.names[folder] = names
            return names
        }
    }

    /// True if nothing of the layers below shows through.
    func isRootOpaque(of layer: LayerRoot) throws(LayerError) -> Bool {
        try known.withLock { known throws(LayerError) in
            if let isOpaque = known.isRootOpaque { return isOpaque }
            let isOpaque = try layer.isOpaque(.root)
            known.isRootOpaque = isOpaque
            return isOpaque
        }
    }
}
