import Layers
package import OCI

/// The tree that layers make, put together from what their archives list.
package struct InspectedTree: Sendable {
    /// How much of the layers is looked at.
    package enum Detail: Hashable, Sendable {
        case names
        /// The contents of files are hashed on the way.
        case contents
    }

    /// A file of one layer that a later layer hides: it is carried along for nothing.
    package struct Loss: Hashable, Sendable {
        package enum Reason: String, Hashable, Sendable, CaseIterable {
            case deleted
            case overwritten
            /// The same contents again, with another mode or owner, or with none.
            case copiedAgain = "copied again"
        }

        package let path: TreePath
        package let size: Int64
        package let layer: Int
        /// The layer that hides it.
        package let hiddenBy: Int
        package let reason: Reason
    }

    /// Sorted by path, without the root.
    package let entries: [InspectedFile]
    /// Sorted by the layer that hides, then by path.
    package let losses: [Loss]

    /// Puts layers together, the lowest first.
    init(_ layers: [LayerListing]) throws(LayerError) { try self.init(applying: layers.map(\.items)) }

    init(applying layers: [[LayerListing.Item]]) throws(LayerError) {
        var builder = TreeAssembler()
        for (number, items) in layers.enumerated() {
            for item in items { try builder.apply(item, of: number) }
        }
        entries = builder.entries()
        losses = builder.losses.sorted { ($0.hiddenBy, $0.path, $0.layer) < ($1.hiddenBy, $1.path, $1.layer) }
    }

    /// What is at a path; `nil` if there is nothing.
    package subscript(path: TreePath) -> InspectedFile? {
        let index = position(of: path)
        return index < entries.count && entries[index].path == path ? entries[index] : nil
    }

    /// What lies in a folder, and with `.everything` also in the folders within.
    package func entries(below folder: TreePath, _ depth: Depth) -> [InspectedFile] {
        let start = folder.isRoot ? 0 : position(of: folder)
        let below = entries[start...].prefix { $0.path.isInside(folder) }.filter { $0.path != folder }
        guard depth == .children else { return below }
        return below.filter { $0.path.parent == folder }
    }

    package enum Depth: Hashable, Sendable {
        case children
        case everything
    }

    /// Where a path leads when every link on the way is followed, the last one too; `nil` if it leads nowhere.
    package func resolve(_ path: TreePath) -> TreePath? {
        var here = TreePath.root
        var ahead = Array(path.components.reversed())
        var links = 0
        while let name = ahead.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                here = here.parent
                continue
            }
            let next = here.appending(name)
            guard let entry = self[next] else { return nil }
            guard case .symbolicLink(let target) = entry.kind else {
                here = next
                continue
            }
            links += 1
            guard links <= TreeAssembler.linkLimit else { return nil }
            if target.first == UInt8(ascii: "/") { here = .root }
            ahead += target.split(separator: UInt8(ascii: "/")).reversed()
        }
        return here
    }

    /// Of the first entry that does not sort before the path.
    private func position(of path: TreePath) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
