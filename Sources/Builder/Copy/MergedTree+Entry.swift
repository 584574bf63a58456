import Layers
import Linux
import OCI

extension MergedTree {
    /// What is at a path as a layer would say it, no link followed; `nil` if there is nothing or a socket.
    func tarEntry(at path: TreePath) throws(BuildError) -> TarEntry? {
        try fromLayers { () throws(LayerError) in
            guard let found = try lookup(path) else { return nil }
            let kind: TarEntry.Kind
            switch found.status.kind {
            case .regular: kind = .file(size: found.status.size)
            case .folder: kind = .folder
            case .symbolicLink: kind = .symbolicLink(target: try linkTarget(of: found))
            case .characterDevice: kind = .characterDevice(found.status.deviceNumber)
            case .blockDevice: kind = .blockDevice(found.status.deviceNumber)
            case .fifo: kind = .fifo
            case .socket: return nil
            }
            return TarEntry(
                path, kind, mode: found.status.mode, owner: found.status.owner, group: found.status.group,
                modified: found.status.modified.seconds, attributes: try attributes(of: found))
        }
    }

    /// True if both paths are names of one file, no link followed.
    func areOneFile(_ path: TreePath, _ other: TreePath) throws(BuildError) -> Bool {
        try fromLayers { () throws(LayerError) in
            guard let one = try lookup(path)?.status, let two = try lookup(other)?.status else { return false }
            return one.device == two.device && one.inode == two.inode
        }
    }
}

extension TarEntry.Kind {
    /// True for a symbolic link.
    var isLink: Bool {
        if case .symbolicLink = self { true } else { false }
    }
}

extension TarEntry.Kind {
    var isHardLink: Bool {
        if case .hardLink = self { true } else { false }
    }
}
