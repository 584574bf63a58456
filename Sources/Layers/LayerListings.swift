import OCI
import Synchronization

/// The names in folders of a finished layer, each folder listed when the first name is looked up in it.
final class LayerListings: Sendable {
    private struct Known {
        var names: [TreePath: Set<[UInt8]>] = [:]
        var isRootOpaque: Bool?
    }

    private let known = Mutex(Known())

    /// False if the folder, which must be one of this layer, has no such name.
    func has(_ name: [UInt8], in folder: TreePath, of layer: LayerRoot) throws(LayerError) -> Bool {
        try known.withLock { known throws(LayerError) in
            if let names = known.names[folder] { return names.contains(name) }
            let names = Set(try layer.names(in: folder))
            known.names[folder] = names
            return names.contains(name)
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
