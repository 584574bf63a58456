package import Linux
import OCI
package import SystemPackage

/// The files of a build context that the ignore file leaves, as one walk found them.
///
/// A tree of values: sources and patterns are resolved against it without touching the disk again.
package struct ContextManifest: Sendable {
    /// The folder on this machine.
    package let folder: FilePath
    package let root: Node
    /// How many files, links and folders there are.
    package let count: Int

    /// A file, link or folder of the context.
    package struct Node: Sendable {
        package let name: [UInt8]
        package let status: FileStatus
        /// Sorted by the bytes of the names; empty but for folders.
        package internal(set) var children: [Node]
        /// False for a folder that is only here because the ignore file lets something below it through.
        package let isIncluded: Bool
        /// Which of the context's nodes it is; the root is 0.
        package internal(set) var number = 0

        /// The child of that name.
        func child(_ name: some Collection<UInt8>) -> Node? {
            var (low, high) = (0, children.count)
            while low < high {
                let middle = (low + high) / 2
                if children[middle].name.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
            }
            guard low < children.count, children[low].name.elementsEqual(name) else { return nil }
            return children[low]
        }
    }

    /// The node at a path, no link followed.
    func node(at path: TreePath) -> Node? {
        var node = root
        for component in path.components {
            guard let child = node.child(component) else { return nil }
            node = child
        }
        return node
    }
}
