import Linux
package import OCI
import SystemPackage

extension MergedTree {
    /// What is at `path`; `nil` if there is nothing.
    package func lookup(_ path: TreePath, lastLink: LastLink = .keep) throws(LayerError) -> Found? {
        try resolve(path, lastLink: lastLink).found
    }

    /// Walks down `path` as a process whose root is this tree would.
    package func resolve(_ path: TreePath, lastLink: LastLink = .follow) throws(LayerError) -> Resolution {
        guard let root = try root() else { return Resolution(path: path, found: nil, obstacle: nil) }
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
                return Resolution(path: path, found: nil, obstacle: isFolder ? nil : here.path)
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
        let found = trail[trail.count - 1]
        return Resolution(path: found.path, found: found, obstacle: nil)
    }

    /// The root folder of the tree; `nil` where there are no layers.
    package func root() throws(LayerError) -> Found? {
        guard let top = layers.first else { return nil }
        return Found(path: .root, status: try top.status, location: top.path, layers: rootLayers)
    }

    /// The entry `name` (one component) of a folder that was found here; `nil` if there is none.
    package func child(_ name: [UInt8], of folder: Found) throws(LayerError) -> Found? {
        let path = folder.path.appending(name)
        guard folder.layers.count > Self.fewLayers else { return try find(path, in: folder.layers) }
        return try known.lookup(path) { () throws(LayerError) in
            var holders: [Int] = []
            for index in folder.layers
            where try layers[index].listings.has(name, in: folder.path, of: layers[index]) { holders.append(index) }
            return try find(path, in: holders)
        }
    }

    /// What layers, of which each may or may not have the path, show together.
    private func find(_ path: TreePath, in holders: [Int]) throws(LayerError) -> Found? {
        var found: (status: FileStatus, layers: [Int])?
        for index in holders {
            guard let status = try layers[index].status(of: path) else { continue }
            guard status.kind == .folder else {
                if found == nil, !(try layers[index].isWhiteout(path, status)) { found = (status, [index]) }
                break
            }
            found = (found?.status ?? status, (found?.layers ?? []) + [index])
            if index != holders.last, try layers[index].isOpaque(path) { break }
        }
        return found.map { found in
            let layer = layers[found.layers[0]]
            return Found(
                path: path, status: found.status, location: layer.location(of: path), layers: found.layers)
        }
    }
}
