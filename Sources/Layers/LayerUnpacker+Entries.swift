import Glibc
import Linux
import OCI
import SystemPackage

extension LayerUnpacker {
    /// Adds an entry, and reads its contents from `reader` if it has any.
    mutating func add(_ entry: TarEntry, from reader: TarReader) throws(LayerError) {
        guard !entry.path.isRoot else { return }
        if Whiteout.isReserved(entry.path.name) { return try delete(entry) }
        let name = FilePath(bytes: entry.path.name)
        do throws(LayerError) {
            try enter(entry.path.parent)
            try makeRoom(for: entry, name)
            try create(entry, name, from: reader)
        } catch {
            guard case .system(let cause) = error else { throw error }
            throw Self.explained(cause, entry)
        }
    }

    /// A fault of the archive is told as one; a fault of the machine stays what it is.
    private static func explained(_ error: SyscallError, _ entry: TarEntry) -> LayerError {
        let name = entry.path.description
        switch error.errno {
        case .tooManySymbolicLinkLevels: return .refused(name, reason: "links lead in a circle on the way to it")
        case .notDirectory: return .refused(name, reason: "something above it is no folder")
        case .noSuchFileOrDirectory: return .refused(name, reason: "what it refers to is not there")
        case .fileNameTooLong: return .refused(name, reason: "its path is too long")
        default: return .system(error)
        }
    }

    // MARK: Deletions

    private mutating func delete(_ entry: TarEntry) throws(LayerError) {
        guard case .file(size: 0) = entry.kind else {
            throw .refused(entry.path.description, reason: "a mark of deletion has contents")
        }
        let name = Array(entry.path.name.dropFirst(Whiteout.prefix.count))
        guard !name.isEmpty, name != [46], name != [46, 46] else {
            throw .refused(entry.path.description, reason: "a mark of deletion names nothing")
        }
        guard deletions == .marked else { return }
        try enter(entry.path.parent)
        try withParent { parent throws(SyscallError) in
            if entry.path.name == Whiteout.opaqueName {
                return try markOpaque(parent)
            }
            let path = FilePath(bytes: name)
            // What this very layer brings stays: a mark only concerns the layers below.
            guard try parent.status(of: path) == nil else { return }
            if isPrivileged {
                try parent.makeNode(path, .characterDevice, mode: 0)
            } else {
                _ = try parent.createFile(path, mode: 0)
                try parent.setAttribute(Self.mark(Whiteout.whiteoutAttributes[1]), of: path)
            }
        }
    }

    private func markOpaque(_ folder: borrowing Folder) throws(SyscallError) {
        try folder.setAttribute(Self.mark(Whiteout.opaqueAttributes[isPrivileged ? 0 : 1]), of: ".")
    }

    private static func mark(_ name: [UInt8]) -> ExtendedAttribute {
        ExtendedAttribute(name: name, value: [UInt8(ascii: "y")])
    }

    // MARK: Folders

    /// Makes `path` the folder that entries go into. What is missing of it is made, as tar does.
    private mutating func enter(_ path: TreePath) throws(LayerError) {
        if isIn(path) { return }
        let folder = try LayerError.system { () throws(SyscallError) in try open(path) }
        parent = OpenFolder(path: path, folder: folder)
    }

    private func isIn(_ path: TreePath) -> Bool {
        switch parent {
        case .some(let open): open.path == path
        case nil: false
        }
    }

    private func open(_ path: TreePath) throws(SyscallError) -> Folder {
        let target: FilePath = path.isRoot ? "." : FilePath(bytes: path.bytes)
        do throws(SyscallError) {
            return Folder(try root.openInRoot(target, O_RDONLY | O_DIRECTORY))
        } catch  where error.errno == .noSuchFileOrDirectory && !path.isRoot {
            let above = try open(path.parent)
            try above.makeFolder(FilePath(bytes: path.name), mode: 0o755)
            return Folder(try root.openInRoot(target, O_RDONLY | O_DIRECTORY))
        }
    }

    private func withParent<Result>(
        _ body: (borrowing Folder) throws(SyscallError) -> Result
    ) throws(LayerError) -> Result {
        do throws(SyscallError) {
            switch parent {
            case .some(let open): return try body(open.folder)
            case nil: return try body(root)
            }
        } catch {
            throw .system(error)
        }
    }

    // MARK: Entries

    /// Removes what is in the way: everything but a folder where a folder comes.
    private func makeRoom(for entry: TarEntry, _ name: FilePath) throws(LayerError) {
        try withParent { parent throws(SyscallError) in
            guard let existing = try parent.status(of: name) else { return }
            if existing.kind == .folder, entry.kind == .folder { return }
            if case .hardLink(let target) = entry.kind, target == entry.path { return }
            try parent.removeTree(name)
        }
    }

    private mutating func create(_ entry: TarEntry, _ name: FilePath, from reader: TarReader) throws(LayerError) {
        switch entry.kind {
        case .folder:
            try withParent { parent throws(SyscallError) in
                if try parent.status(of: name) == nil { try parent.makeFolder(name, mode: 0o700) }
            }
            folders.append(entry)
            return
        case .hardLink(let target): return try link(name, to: target, entry)
        case .file(let size): return try write(entry, name, size, from: reader)
        case .symbolicLink(let target):
            try withParent { parent throws(SyscallError) in try parent.makeLink(name, target: target) }
        case .characterDevice(let device):
            try withParent { parent throws(SyscallError) in
                try parent.makeNode(name, .characterDevice, mode: 0o600, device: device)
            }
        case .blockDevice(let device):
            try withParent { parent throws(SyscallError) in
                try parent.makeNode(name, .blockDevice, mode: 0o600, device: device)
            }
        case .fifo:
            try withParent { parent throws(SyscallError) in try parent.makeNode(name, .fifo, mode: 0o600) }
        }
        try withParent { parent throws(SyscallError) in try dress(name, as: entry, in: parent) }
    }

    private func link(_ name: FilePath, to target: TreePath, _ entry: TarEntry) throws(LayerError) {
        guard target != entry.path else { return }
        let folder = try LayerError.system { () throws(SyscallError) in
            Folder(
                try root.openInRoot(
                    target.parent.isRoot ? "." : FilePath(bytes: target.parent.bytes), O_RDONLY | O_DIRECTORY))
        }
        let existing = FilePath(bytes: target.name)
        let kind = try LayerError.system { () throws(SyscallError) in try folder.status(of: existing)?.kind }
        guard let kind, kind != .folder else {
            throw .refused(entry.path.description, reason: "it is a hard link to \(target), which is no file before it")
        }
        try withParent { parent throws(SyscallError) in try parent.makeHardLink(name, to: existing, in: folder) }
    }

    private func write(
        _ entry: TarEntry, _ name: FilePath, _ size: Int64, from reader: TarReader
    ) throws(LayerError) {
        let file = try withFile(name)
        var left = size
        while left > 0 {
            let count = try reader.read(into: buffer)
            guard count > 0 else { throw .corrupt("\(entry.path) ends too early") }
            left -= Int64(count)
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try LayerError.system { () throws(SyscallError) in try file.write(piece) }
        }
        try withParent { parent throws(SyscallError) in try dress(name, as: entry, in: parent) }
    }

    private func withFile(_ name: FilePath) throws(LayerError) -> File {
        do throws(SyscallError) {
            switch parent {
            case .some(let open): return try open.folder.createFile(name, mode: 0o600)
            case nil: return try root.createFile(name, mode: 0o600)
            }
        } catch {
            throw .system(error)
        }
    }

    /// Owner, mode, attributes, times: in this order, since each of the first may undo what follows it.
    private func dress(
        _ name: FilePath, as entry: TarEntry, in parent: borrowing Folder
    ) throws(SyscallError) {
        if isPrivileged { try parent.setOwner(of: name, owner: entry.owner, group: entry.group) }
        if case .symbolicLink = entry.kind {} else { try parent.setMode(of: name, entry.mode) }
        for attribute in entry.attributes {
            do throws(SyscallError) {
                try parent.setAttribute(attribute, of: name)
            } catch  where error.errno == .notSupported || !isPrivileged && error.errno == .notPermitted {
                // The file system keeps no such attributes, or keeps them for root only.
            }
        }
        try parent.setModified(of: name, FileStatus.Time(seconds: entry.modified))
    }

    /// Gives the folders their modes and times, the deepest first.
    mutating func finish() throws(LayerError) {
        parent = nil
        var seen: Set<TreePath> = []
        for entry in folders.reversed() where seen.insert(entry.path).inserted {
            try enter(entry.path.parent)
            let name = FilePath(bytes: entry.path.name)
            try withParent { parent throws(SyscallError) in
                guard try parent.status(of: name)?.kind == .folder else { return }
                try dress(name, as: entry, in: parent)
            }
        }
        parent = nil
    }
}
