import Layers
import Linux
import OCI

/// Whether a file that is to be copied is there already, contents, times and all: then a layer need not hold it.
///
/// Contents are read only where everything else is the same.
struct FileComparison: Sendable {
    let sources: CopySources
    /// Times within layers are clamped to it.
    let epoch: Int64?

    func isSame(_ planned: PlannedEntry, in lower: MergedTree) throws(BuildError) -> Bool {
        guard case .source(let index, let source) = planned.contents, let tree = sources.trees[index] else {
            return false
        }
        var wanted = planned.entry
        wanted.modified = min(wanted.modified, epoch ?? wanted.modified)
        guard try lower.tarEntry(at: wanted.path) == wanted,
            let found = try fromLayers({ () throws(LayerError) in try lower.lookup(wanted.path) })
        else { return false }
        if (found.status.device, found.status.inode) == (source.status.device, source.status.inode) { return true }
        let below = try fromLayers { () throws(LayerError) in try lower.open(found) }
        let above = try tree.open(source)
        do { return try below.holdsSame(as: above) } catch {
            throw BuildError(error, doing: "comparing `\(wanted.path)` with what is there")
        }
    }
}
