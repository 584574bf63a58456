import Frontend
import OCI

/// One source on its way into the plan: the folders that are gone through, and those that wait for something to be
/// copied into them.
struct SourceWalk: Sendable {
    let tree: any SourceTree
    let source: Int
    let include: IgnorePatterns?
    /// Whether anybody asks where in the source an entry lies.
    let isAsked: Bool
    var waiting: [(entry: SourceEntry, target: TreePath)] = []
    private var folders: [OpenFolder] = []

    /// A folder of which some entries are planned.
    private struct OpenFolder: Sendable {
        let children: [SourceEntry]
        var position = 0
        let relative: TreePath
        let target: TreePath
        /// How many folders waited when it was opened.
        let waiting: Int
    }

    init(tree: any SourceTree, source: Int, include: IgnorePatterns?, isAsked: Bool) {
        self.tree = tree
        self.source = source
        self.include = include
        self.isAsked = isAsked
    }

    /// Goes on with what a folder holds.
    mutating func open(
        _ folder: SourceEntry, at relative: TreePath, to target: TreePath, waiting: Int
    ) throws(BuildError) {
        folders.append(
            OpenFolder(children: try tree.children(of: folder), relative: relative, target: target, waiting: waiting))
    }

    /// The next entry and where it goes: what a folder holds comes before what lies behind the folder.
    mutating func next() -> (entry: SourceEntry, relative: TreePath, target: TreePath)? {
        while let top = folders.indices.last {
            let position = folders[top].position
            if position < folders[top].children.count {
                folders[top].position += 1
                let child = folders[top].children[position]
                let name = child.path.lastComponent
                let relative = isAsked ? folders[top].relative.appending(name) : .root
                return (child, relative, folders[top].target.appending(name))
            }
            if waiting.count > folders[top].waiting { waiting.removeSubrange(folders[top].waiting...) }
            folders.removeLast()
        }
        return nil
    }
}
