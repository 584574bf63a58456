import Synchronization
import SystemPackage

/// The folders of finished layers, each opened once for everyone who looks into it.
///
/// Nothing changes in a finished layer, so what was found out about it stays true. A file system of many steps has as
/// many layers, and to open and to ask all of them anew for each step was most of what a short step cost.
package final class FinishedLayers: Sendable {
    private let roots = Mutex<[FilePath: LayerRoot]>([:])

    package init() {}

    func root(at path: FilePath) throws(LayerError) -> LayerRoot {
        try roots.withLock { roots throws(LayerError) in
            if let root = roots[path] { return root }
            let root = try LayerRoot(path)
            roots[path] = root
            return root
        }
    }
}
