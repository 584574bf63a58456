import Glibc
import Linux
import OCI
import SystemPackage

/// Copies an entry of a source, with everything below it, for a step to see.
///
/// The copy is a file system's own: owners, modes and times are those that a COPY would give, and nothing that is
/// written to it reaches the source.
struct SourceCopy<Source: SourceTree> {
    let tree: Source

    /// Copies to a path where nothing is, in a folder that only we can write to.
    func copy(_ top: SourceEntry, to path: FilePath) throws(BuildError) {
        let above: Folder
        do { above = try Folder(opening: path.removingLastComponent()) } catch { throw Self.failed(error, top) }
        let start = FilePath(root: nil, path.components.suffix(1))
        var pending = [(entry: top, name: start)]
        var folders: [(entry: SourceEntry, name: FilePath)] = []
        while let (entry, name) = pending.popLast() {
            try make(entry, name, in: above)
            guard entry.isFolder else { continue }
            folders.append((entry, name))
            for child in try tree.children(of: entry) {
                pending.append((child, name.appending(FilePath(bytes: child.path.name).components)))
            }
        }
        // Backwards, because what is put into a folder changes its time.
        for (entry, name) in folders.reversed() { try finish(entry, name, in: above) }
    }

    private func make(_ entry: SourceEntry, _ name: FilePath, in folder: borrowing Folder) throws(BuildError) {
        let status = entry.status
        switch status.kind {
        case .folder:
            return try writing(entry) { () throws(SyscallError) in try folder.makeFolder(name, mode: 0o700) }
        case .regular:
            let source = try tree.open(entry)
            try writing(entry) { () throws(SyscallError) in
                try folder.createFile(name, mode: 0o600).append(from: source, count: status.size)
            }
        case .symbolicLink:
            let target = try tree.linkTarget(of: entry)
            try writing(entry) { () throws(SyscallError) in try folder.makeLink(name, target: target) }
        case .characterDevice, .blockDevice, .fifo:
            try writing(entry) { () throws(SyscallError) in
                try folder.makeNode(name, status.kind, mode: 0o600, device: status.deviceNumber)
            }
        case .socket: return
        }
        try finish(entry, name, in: folder)
    }

    /// Owner, mode, attributes and times, in the order in which none undoes another.
    private func finish(_ entry: SourceEntry, _ name: FilePath, in folder: borrowing Folder) throws(BuildError) {
        let attributes = try tree.attributes(of: entry)
        try writing(entry) { () throws(SyscallError) in
            try folder.setOwner(of: name, owner: entry.owner, group: entry.group)
            if entry.status.kind != .symbolicLink { try folder.setMode(of: name, entry.status.mode) }
            for attribute in attributes { try folder.setAttribute(attribute, of: name) }
            try folder.setModified(of: name, entry.status.modified)
        }
    }

    private func writing(_ entry: SourceEntry, _ body: () throws(SyscallError) -> Void) throws(BuildError) {
        do { try body() } catch { throw Self.failed(error, entry) }
    }

    private static func failed(_ error: SyscallError, _ entry: SourceEntry) -> BuildError {
        BuildError(error, doing: "copying `\(entry.path)` for the step")
    }
}
