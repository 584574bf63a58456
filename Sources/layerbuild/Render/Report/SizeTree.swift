import Builder
import OCI

/// Folders with the bytes of all files below them, as a treemap draws them.
struct SizeTree {
    let path: TreePath
    let size: Int64
    /// Those that take something, the largest first.
    let children: [SizeTree]

    /// `files` are sorted by path and lie below `path`.
    init(_ path: TreePath, _ files: ArraySlice<ImageReport.LayerFile>) {
        self.path = path
        size = files.reduce(0) { $0 + $1.size }
        var children: [SizeTree] = []
        var rest = files.drop { $0.path == path }
        while let first = rest.first {
            let name = first.path.components[path.components.count]
            let child = path.appending(name)
            let end = rest.firstIndex { !$0.path.isInside(child) } ?? rest.endIndex
            let part = SizeTree(child, rest[..<end])
            if part.size > 0 { children.append(part) }
            rest = rest[end...]
        }
        self.children = children.sorted { ($1.size, $0.path) < ($0.size, $1.path) }
    }
}
