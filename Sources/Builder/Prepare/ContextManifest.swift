package import Linux
import OCI
package import SystemPackage

/// The files of a build context that the ignore file leaves, as one walk found them.
///
/// A tree of values: sources and patterns are resolved against it without touching the disk again. What the folders hold
/// is read from where the walk recorded it, one folder at a time.
package struct ContextManifest: Sendable {
    /// The folder on this machine.
    package let folder: FilePath
    package let root: Node
    private let listings: ContextListings
    private let recent = RecentListings()

    /// A file, link or folder of the context.
    package struct Node: Sendable {
        package let name: ArraySlice<UInt8>
        package let status: FileStatus
        /// False for a folder that is only here because the ignore file lets something below it through.
        package let isIncluded: Bool
        /// Which of the context's nodes it is; the root is 0.
        let number: Int
        /// Where a folder is listed.
        let listing: Int?
    }

    init(folder: FilePath, status: FileStatus, _ listings: ContextListings) {
        self.folder = folder
        self.listings = listings
        root = Node(name: [], status: status, isIncluded: true, number: 0, listing: 0)
    }

    /// All numbers of nodes are lower.
    var count: Int { listings.nodeCount }

    /// What a folder holds, sorted by the bytes of the names; nothing for all else.
    package func children(of node: Node) throws(BuildError) -> [Node] {
        guard let listing = node.listing else { return [] }
        return try listings.nodes(of: listing)
    }

    /// False if no regular file had a second name when the context was walked.
    var mayHoldHardLinks: Bool { listings.mayHoldHardLinks }

    func nodes(of listing: Int) throws(BuildError) -> [Node] { try listings.nodes(of: listing) }

    /// The child of that name.
    func child(_ name: some Collection<UInt8>, of node: Node) throws(BuildError) -> Node? {
        guard let listing = node.listing else { return nil }
        let children = try recent.nodes(of: listing, in: listings)
        var (low, high) = (0, children.count)
        while low < high {
            let middle = (low + high) / 2
            if children[middle].name.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        guard low < children.count, children[low].name.elementsEqual(name) else { return nil }
        return children[low]
    }

    /// The node at a path, no link followed.
    func node(at path: TreePath) throws(BuildError) -> Node? {
        var node = root
        for component in path.components {
            guard let child = try child(component, of: node) else { return nil }
            node = child
        }
        return node
    }
}
