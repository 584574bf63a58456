import Linux
package import OCI
import SystemPackage

extension MergedTree {
    /// What is at `path`; `nil` if there is nothing.
    package func lookup(_ path: TreePath, lastLink: LastLink = .keep) throws(LayerError) -> Found? {
        let isKept = lastLink == .keep && !path.isRoot
        if isKept, let folder = lastFolder.folder(at: path.parent) { return try child(path.name, of: folder) }
        let (resolution, folder) = try walk(path, lastLink)
        // The folder of a path with links in it is somewhere else.
        if isKept, resolution.found?.path == path, let folder { lastFolder.remember(folder) }
        return resolution.found
    }

    /// Walks down `path` as a process whose root is this tree would.
    package func resolve(_ path: TreePath, lastLink: LastLink = .follow) throws(LayerError) -> Resolution {
        try walk(path, lastLink).resolution
    }

    /// `folder` is the one that the last name was found in.
    private func walk(
        _ path: TreePath, _ lastLink: LastLink
    ) throws(LayerError) -> (resolution: Resolution, folder: Found?) {
        guard let root = try root() else { return (Resolution(path: path, found: nil, obstacle: nil), nil) }
        var trail = [root]
        var ahead: [ArraySlice<UInt8>] = path.components.reversed()
        var links = 0
        while let name = ahead.popLast(), let here = trail.last {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                if trail.count > 1 { trail.removeLast() }
                continue
            }
            let isFolder = here.status.kind == .folder
            guard isFolder, let child = try child(Array(name), of: here) else {
                let rest = Array(([name] + ahead.reversed()).joined(separator: [UInt8(ascii: "/")]))
                let path = TreePath(normalising: here.path.bytes + [UInt8(ascii: "/")] + rest)
                return (Resolution(path: path, found: nil, obstacle: isFolder ? nil : here.path), nil)
            }
            if child.status.kind == .symbolicLink, lastLink == .follow || !ahead.isEmpty {
                links += 1
                guard links <= Self.linkLimit else { throw .tooManyLinks(path) }
                let target = try linkTarget(of: child)
                if target.first == UInt8(ascii: "/") { trail.removeSubrange(1...) }
                ahead.append(contentsOf: target.split(separator: UInt8(ascii: "/")).reversed())
            } else {
                trail.append(child)
            }
        }
        let found = trail.removeLast()
        return (Resolution(path: found.path, found: found, obstacle: nil), trail.last)
    }

    /// The root folder of the tree; `nil` where there are no layers.
    package func root() throws(LayerError) -> Found? {
        guard let top = layers.last else { return nil }
        return Found(path: .root, status: try top.status, location: top.path, layers: rootLayers)
    }

    /// The entry `name` (one component) of a folder that was found here; `nil` if there is none.
    package func child(_ name: [UInt8], of folder: Found) throws(LayerError) -> Found? {
        let path = folder.path.appending(name)
        guard folder.layers.count > Self.fewLayers else { return try find(path, in: folder.layers) }
        return try known.lookup(path) { () throws(LayerError) in
            let (holders, below) = try holders(of: path, in: folder)
            return try find(path, in: holders, over: below)
        }
    }

    /// The layers of a folder that have a name, topmost first, down to those of which it is known already what they show.
    private func holders(of path: TreePath, in folder: Found) throws(LayerError) -> (holders: [Int], below: Found?) {
        let all = try shared.holders(of: path.name, in: folder, of: layers)
        guard all.count > Self.fewLayers else { return (all, nil) }
        var lower = known.below
        for (place, index) in all.enumerated() {
            // This is the next layer that has the name: all trees that end between the one before and this show the same.
            while let tree = lower, tree.layerCount > index {
                if let found = tree.known(path) { return (Array(all[..<place]), found) }
                lower = tree.below
            }
        }
        return (all, nil)
    }

    /// What layers, of which each may or may not have the path, show together, over what those below them show.
    private func find(_ path: TreePath, in holders: [Int], over below: Found? = nil) throws(LayerError) -> Found? {
        var found: Found?
        for index in holders {
            let layer = layers[index]
            guard let status = try layer.status(of: path) else { continue }
            guard status.kind == .folder else {
                if found == nil, !(try layer.isWhiteout(path, status)) {
                    found = Found(path: path, status: status, location: layer.location(of: path), layers: [index])
                }
                return found
            }
            if found == nil {
                found = Found(path: path, status: status, location: layer.location(of: path), layers: [])
            }
            found?.layers.append(index)
            if index != holders.last || below != nil, try layer.isOpaque(path) { return found }
        }
        if found == nil { return below }
        if let below, below.status.kind == .folder { found?.layers += below.layers }
        return found
    }
}
