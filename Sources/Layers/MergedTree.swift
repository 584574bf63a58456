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
        var layers: [Int]
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

    /// The lowest first, so that a layer keeps its number when others come over it.
    let layers: [LayerRoot]
    /// True if there is nothing in it, and no root either.
    package var isWithoutLayers: Bool { layers.isEmpty }
    /// The layers that make up the root folder, topmost first. Every look-up starts there, so it is found out once.
    let rootLayers: [Int]

    /// What was found in folders that many layers share: a step asks for the same few names again and again.
    let known: KnownNames
    let shared: SharedFolders
    let lastFolder = LastFolder()

    /// Opens the folders of the layers, the lowest first, but for those that are open already.
    package init(layers: [FilePath], from finished: FinishedLayers = FinishedLayers()) throws(LayerError) {
        var roots: [LayerRoot] = []
        roots.reserveCapacity(layers.count)
        for path in layers { roots.append(try finished.root(at: path)) }
        self.layers = roots
        known = KnownNames(layerCount: roots.count, below: nil)
        shared = SharedFolders(layerCount: roots.count)
        var members: [Int] = []
        for (index, root) in roots.enumerated().reversed() {
            members.append(index)
            if try root.listings.isRootOpaque(of: root) { break }
        }
        rootLayers = members
    }

    /// Puts a layer over those of `below`. What is known of them stays known, and only the new one is asked.
    package init(
        _ layer: FilePath, over below: MergedTree, from finished: FinishedLayers = FinishedLayers()
    ) throws(LayerError) {
        let root = try finished.root(at: layer)
        layers = below.layers + [root]
        known = KnownNames(layerCount: layers.count, below: below.known)
        let grows = below.shared.grow(from: below.layers.count)
        shared = grows ? below.shared : SharedFolders(layerCount: layers.count)
        let showing = try root.listings.isRootOpaque(of: root) ? [] : below.rootLayers
        rootLayers = [below.layers.count] + showing
    }
}
