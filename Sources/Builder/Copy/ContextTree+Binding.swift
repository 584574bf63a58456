import Glibc
import Linux
import OCI
import SystemPackage

extension ContextTree {
    /// True if the folder on this machine looks just like the context's: nothing in it is ignored, everything is root's
    /// as it is in a context, and it holds nothing but files, links and folders of one file system.
    func showsAll(below path: TreePath) throws(BuildError) -> Bool {
        guard let top = try manifest.node(at: path) else { return false }
        var pending = [(node: top, path: path)]
        while let (node, path) = pending.popLast() {
            let status = node.status
            guard node.isIncluded, status.owner == 0, status.group == 0, status.device == top.status.device else {
                return false
            }
            switch status.kind {
            case .regular, .symbolicLink: continue
            case .characterDevice, .blockDevice, .fifo, .socket: return false
            case .folder: break
            }
            let folder = try folder(at: path)
            let names = try reading(path) { () throws(SyscallError) in try folder.entries().map(\.name) }
            let children = try manifest.children(of: node)
            guard names.elementsEqual(children.lazy.map(\.name), by: { $0[...] == $1 }) else { return false }
            for child in children { pending.append((child, path.appending(child.name))) }
        }
        return true
    }

    /// Opens a folder of the context, following no link.
    func folder(at path: TreePath) throws(BuildError) -> Folder {
        try reading(path) { () throws(SyscallError) in
            let root = try Folder(opening: manifest.folder)
            guard !path.isRoot else { return root }
            return Folder(try root.openBeneath(FilePath(bytes: path.bytes), O_RDONLY | O_DIRECTORY))
        }
    }
}
