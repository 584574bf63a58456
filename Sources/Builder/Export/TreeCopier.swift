import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// Copies a whole tree into a folder of the host.
///
/// Names are created relative to open folders and no link is followed, so nothing that the tree holds, and nothing that
/// lay in the folder before, can lead a write out of it. Folders that are there already are filled; files, links and
/// nodes are replaced; where a folder is in the place of a file, nothing is done at all.
struct TreeCopier {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private let tree: MergedTree
    private let isRoot = geteuid() == 0
    private var names: [Identity: TreePath] = [:]

    init(_ tree: MergedTree) { self.tree = tree }

    mutating func copy(into target: borrowing Folder) throws(ImageError) {
        guard let root = try ImageError.layer({ () throws(LayerError) in try tree.lookup(.root) }) else { return }
        try fill(target, from: root, top: target)
    }

    private mutating func fill(
        _ target: borrowing Folder, from folder: MergedTree.Found, top: borrowing Folder
    ) throws(ImageError) {
        for entry in try ImageError.layer({ () throws(LayerError) in try tree.entries(of: folder) }) {
            let name = FilePath(bytes: entry.path.name)
            let there = try ImageError.system { () throws(SyscallError) in try target.status(of: name) }
            if entry.status.kind == .folder {
                try copyFolder(entry, name, there: there, in: target, top: top)
            } else {
                guard there?.kind != .folder else {
                    throw .usage("`\(entry.path)` is a file in the image and a folder in the output's place")
                }
                try copyFile(entry, name, in: target, top: top)
            }
        }
    }

    private mutating func copyFolder(
        _ entry: MergedTree.Found, _ name: FilePath, there: FileStatus?, in target: borrowing Folder,
        top: borrowing Folder
    ) throws(ImageError) {
        let next = try ImageError.system { () throws(SyscallError) in
            if let there, there.kind != .folder { try target.unlink(name) }
            if there?.kind != .folder { try target.makeFolder(name, mode: 0o700) }
            return try target.openFolder(name)
        }
        try fill(next, from: entry, top: top)
        try finish(entry, name, in: target)
    }

    private mutating func copyFile(
        _ entry: MergedTree.Found, _ name: FilePath, in target: borrowing Folder, top: borrowing Folder
    ) throws(ImageError) {
        let temporary = FilePath("\(OutputFile.temporaryPrefix)\(getpid())")
        let identity = Identity(device: entry.status.device, inode: entry.status.inode)
        if entry.status.linkCount > 1, let first = names[identity] {
            try ImageError.system { () throws(SyscallError) in
                try target.removeTree(temporary)
                try target.makeHardLink(temporary, to: FilePath(bytes: first.bytes), in: top)
                try target.rename(temporary, to: name, in: target)
                // Between two names of one file a rename does nothing.
                try target.removeTree(temporary)
            }
            return
        }
        guard try make(entry, temporary, in: target) else { return }
        try finish(entry, temporary, in: target)
        try ImageError.system { () throws(SyscallError) in try target.rename(temporary, to: name, in: target) }
        if entry.status.linkCount > 1 { names[identity] = entry.path }
    }

    /// Makes the file, link or node; false for what cannot be made: a socket, or a node when we are not root.
    private func make(
        _ entry: MergedTree.Found, _ name: FilePath, in target: borrowing Folder
    ) throws(ImageError) -> Bool {
        let status = entry.status
        try ImageError.system { () throws(SyscallError) in try target.removeTree(name) }
        switch status.kind {
        case .regular:
            let source = try ImageError.layer { () throws(LayerError) in try tree.open(entry) }
            try ImageError.system { () throws(SyscallError) in
                let file = try target.createFile(name, mode: 0o600)
                try file.append(from: source, count: status.size)
            }
        case .symbolicLink:
            let link = try ImageError.layer { () throws(LayerError) in try tree.linkTarget(of: entry) }
            try ImageError.system { () throws(SyscallError) in try target.makeLink(name, target: link) }
        case .characterDevice, .blockDevice, .fifo:
            guard isRoot || status.kind == .fifo else { return false }
            try ImageError.system { () throws(SyscallError) in
                try target.makeNode(name, status.kind, mode: 0o600, device: status.deviceNumber)
            }
        case .socket, .folder: return false
        }
        return true
    }

    /// Owner, mode, attributes and times, in the order in which none undoes another.
    private func finish(
        _ entry: MergedTree.Found, _ name: FilePath, in target: borrowing Folder
    ) throws(ImageError) {
        let status = entry.status
        let attributes = try ImageError.layer { () throws(LayerError) in try tree.attributes(of: entry) }
        try ImageError.system { () throws(SyscallError) in
            if isRoot { try target.setOwner(of: name, owner: status.owner, group: status.group) }
            if status.kind != .symbolicLink { try target.setMode(of: name, status.mode) }
            for attribute in attributes {
                do throws(SyscallError) {
                    try target.setAttribute(attribute, of: name)
                } catch  where error.errno == .notSupported || !isRoot && error.errno == .notPermitted {
                    continue
                }
            }
            try target.setModified(of: name, status.modified)
        }
    }
}
