import OCI
import Synchronization

/// Which layers have a name, for the folders that many layers of a tree share.
///
/// It is for a tree and for those that come over it one by one: their layers have the same numbers, and a folder of them
/// consists of the same layers from any of its layers downwards.
final class SharedFolders: Sendable {
    private struct Names {
        /// The layers whose names are among these.
        var listed: Set<Int> = []
        /// By name, in no order.
        var holders: [[UInt8]: [Int]] = [:]
    }

    private struct Known {
        var layerCount: Int
        var folders: [TreePath: Names] = [:]
    }

    private let known: Mutex<Known>

    init(layerCount: Int) { known = Mutex(Known(layerCount: layerCount)) }

    /// True for the first layer that comes over a tree of so many. Another one in its place belongs to another tree.
    func grow(from layerCount: Int) -> Bool {
        known.withLock { known in
            guard known.layerCount == layerCount else { return false }
            known.layerCount += 1
            return true
        }
    }

    /// The layers of a folder that have the name, topmost first.
    func holders(
        of name: [UInt8], in folder: MergedTree.Found, of layers: [LayerRoot]
    ) throws(LayerError) -> [Int] {
        try known.withLock { known throws(LayerError) in
            var names = known.folders.removeValue(forKey: folder.path) ?? Names()
            for index in folder.layers {
                // Those below were listed with it.
                guard names.listed.insert(index).inserted else { break }
                for name in try layers[index].listings.names(in: folder.path, of: layers[index]) {
                    names.holders[name, default: []].append(index)
                }
            }
            let holders = names.holders[name] ?? []
            known.folders[folder.path] = names
            return holders.filter { folder.layers.containsDescending($0) }.sorted(by: >)
        }
    }
}

extension [Int] {
    /// True if a number is among these, the largest of which comes first.
    fileprivate func containsDescending(_ number: Int) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] == number { return true }
            if self[middle] > number { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
