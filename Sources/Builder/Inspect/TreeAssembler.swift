import Layers
import OCI

/// Applies the entries of one layer after the other to a tree of names (image-spec, layer.md, "Applying Changesets").
struct TreeAssembler {
    /// As many links as any path may lead through.
    static let linkLimit = 255
    /// As many bytes as the kernel takes as a path; links in an archive could lead to any depth.
    static let pathLimit = 4095

    private final class Node {
        var entry: TarEntry
        var layer: Int
        var source: TreePath
        var contents: Digest?
        /// How many bytes the path has that leads here without a link.
        private var length = 0
        var children: [[UInt8]: Node] = [:]

        init(_ entry: TarEntry, layer: Int, contents: Digest? = nil) {
            self.entry = entry
            self.layer = layer
            self.contents = contents
            source = entry.path
        }

        var isFolder: Bool { entry.kind == .folder }

        /// Puts it into a folder, in place of what has its name.
        func attach(to parent: Node) throws(LayerError) {
            length = parent.length + entry.path.name.count + (parent.length > 0 ? 1 : 0)
            guard length <= TreeAssembler.pathLimit else {
                throw .refused(
                    entry.path.description,
                    reason: "links put it at a path of more than \(TreeAssembler.pathLimit) bytes")
            }
            parent.children[entry.path.name] = self
        }
    }

    private let root = Node(TarEntry(.root, .folder, mode: 0o755), layer: 0)
    private(set) var losses: [InspectedTree.Loss] = []

    mutating func apply(_ item: LayerListing.Item, of layer: Int) throws(LayerError) {
        switch item {
        case .entry(let entry, let contents): try place(entry, contents, layer)
        case .deletion(let path):
            guard let parent = find(path.parent), let node = parent.children[path.name] else { return }
            if removeLower(node, layer) { parent.children[path.name] = nil }
        case .opaque(let path):
            guard let folder = find(path) else { return }
            for (name, child) in folder.children where removeLower(child, layer) { folder.children[name] = nil }
        }
    }

    func entries() -> [InspectedFile] {
        var entries: [InspectedFile] = []
        var ahead = [(TreePath.root, root)]
        while let (path, node) = ahead.popLast() {
            for (name, child) in node.children {
                let place = path.appending(name)
                entries.append(
                    InspectedFile(
                        child.entry, at: place, layer: child.layer, source: child.source, contents: child.contents))
                if child.isFolder { ahead.append((place, child)) }
            }
        }
        return entries.sorted { $0.path < $1.path }
    }

    private mutating func place(_ entry: TarEntry, _ contents: Digest?, _ layer: Int) throws(LayerError) {
        guard !entry.path.isRoot else {
            root.entry = entry
            return
        }
        let node = Node(entry, layer: layer, contents: contents)
        if case .hardLink(let target) = entry.kind {
            guard let original = find(target.parent)?.children[target.name], !original.isFolder else {
                throw .refused(entry.path.description, reason: "it is a link to \(target), which is not there")
            }
            node.entry.kind = original.entry.kind
            node.layer = original.layer
            node.source = original.source
            node.contents = original.contents
        }
        let parent = try folder(entry.path.parent, layer)
        if let old = parent.children[entry.path.name] {
            if old.isFolder, node.isFolder {
                node.children = old.children
            } else {
                lose(old, to: node, by: layer)
            }
        }
        try node.attach(to: parent)
    }

    /// The folder at a path, through links; `nil` if there is none.
    private func find(_ path: TreePath) -> Node? {
        var trail = [root]
        var ahead = Array(path.components.reversed())
        var links = 0
        while let name = ahead.popLast() {
            if name.elementsEqual("..".utf8) {
                if trail.count > 1 { trail.removeLast() }
                continue
            }
            if name.elementsEqual(".".utf8) { continue }
            guard let node = trail.last?.children[Array(name)] else { return nil }
            if case .symbolicLink(let target) = node.entry.kind {
                links += 1
                guard links <= Self.linkLimit else { return nil }
                if target.first == UInt8(ascii: "/") { trail.removeSubrange(1...) }
                ahead += target.split(separator: UInt8(ascii: "/")).reversed()
            } else {
                trail.append(node)
            }
        }
        return trail.last
    }

    /// The same, made where it is not there: many archives leave out the folders that lead to their files.
    private mutating func folder(_ path: TreePath, _ layer: Int) throws(LayerError) -> Node {
        if let found = find(path), found.isFolder { return found }
        let parent = path.isRoot ? root : try folder(path.parent, layer)
        let made = Node(TarEntry(path, .folder, mode: 0o755), layer: layer)
        if let old = parent.children[path.name] { lose(old, to: made, by: layer) }
        try made.attach(to: parent)
        return made
    }

    /// Takes away what came from lower layers; true if nothing is left.
    private mutating func removeLower(_ node: Node, _ layer: Int) -> Bool {
        for (name, child) in node.children where removeLower(child, layer) { node.children[name] = nil }
        guard node.layer < layer, node.children.isEmpty else { return false }
        note(node, .deleted, by: layer)
        return true
    }

    private mutating func lose(_ old: Node, to new: Node, by layer: Int) {
        if old.isFolder {
            for child in old.children.values { lose(child, to: new, by: layer) }
        } else {
            let isSame = old.contents != nil && old.contents == new.contents
            note(old, isSame ? .copiedAgain : .overwritten, by: layer)
        }
    }

    private mutating func note(_ node: Node, _ reason: InspectedTree.Loss.Reason, by layer: Int) {
        // A further name of a file takes nothing.
        guard case .file(let size) = node.entry.kind, node.source == node.entry.path else { return }
        losses.append(
            InspectedTree.Loss(path: node.entry.path, size: size, layer: node.layer, hiddenBy: layer, reason: reason))
    }
}
