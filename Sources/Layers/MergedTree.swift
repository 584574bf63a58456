package import Linux
package import OCI
package import SystemPackage

/// Layer folders seen as the one tree that an overlay of them would show, without a mount.
///
/// Whiteouts and opaque marks are honoured. Links are followed here and not by the kernel, inside the tree and no more
/// than 255 of them; the folders are reached through descriptors and no call follows a link in them.
package struct MergedTree: Sendable {
    /// What to do if the last component of a path is a symbolic link.
    package enum LastLink: Hashable, Sendable {
        case follow
        case keep
    }

    package struct Found: Hashable, Sendable {
        /// Where it is once every link on the way is resolved.
        package let path: TreePath
        package let status: FileStatus
        /// The same on the host, in the topmost layer that holds it.
        package let location: FilePath
        /// Which of the layers shows it; for a folder all that make it up, topmost first.
        let layers: [Int]
    }

    /// Where a path leads, whether or not there is something.
    package struct Resolution: Hashable, Sendable {
        /// The path with its links resolved; what does not exist is appended as it was written.
        package let path: TreePath
        package let found: Found?
        /// Something on the way that is no folder, so that nothing can ever be at this path.
        package let obstacle: TreePath?
    }

    static let linkLimit = 255

    /// In a folder that so many layers share, few have the name that is looked up. In fewer it is sooner looked up than
    /// the folder listed.
    static let fewLayers = 2

    let layers: [LayerRoot]
    /// The layers that make up the root folder, topmost first. Every look-up starts there, so it is found out once.
    let rootLayers: [Int]

    /// What was found in folders that many layers share: a step asks for the same few names again and again.
    let known = KnownNames()

    /// Opens the folders of the layers, the lowest first, but for those that are open already.
    package init(layers: [FilePath], from finished: FinishedLayers = FinishedLayers()) throws(LayerError) {
        var roots: [LayerRoot] = []
        roots.reserveCapacity(layers.count)
        for path in layers.reversed() { roots.append(try finished.root(at: path)) }
        self.layers = roots
        var members: [Int] = []
        for (index, root) in roots.enumerated() {
            members.append(index)
            if try root.listings.isRootOpaque(of: root) { break }
        }
        rootLayers = members
    }
}
