import Glibc
import Linux
import OCI
import SystemPackage

/// Making and removing names, and what overlays need to know of it.
extension EntryPlacer {
    private static let privilegedOpaque = Array("trusted.overlay.opaque".utf8)
    private static let userOpaque = Array("user.overlay.opaque".utf8)

    /// Makes something that must not exist, after removing what does.
    @discardableResult
    mutating func create<Value: ~Copyable>(
        at target: Target, _ body: (borrowing Folder, FilePath) throws(SyscallError) -> Value
    ) throws(LayerError) -> Value {
        do throws(SyscallError) {
            do throws(SyscallError) {
                return try body(target.parent.folder, target.name)
            } catch  where error.errno == .fileExists {
                try clear(target)
                return try body(target.parent.folder, target.name)
            }
        } catch {
            throw error.about(target.path)
        }
    }

    private mutating func clear(_ target: Target) throws(SyscallError) {
        guard let status = try target.parent.folder.status(of: target.name) else { return }
        // Either may have been part of the way to the folder that is kept open.
        if status.kind == .folder || status.kind == .symbolicLink { latest = nil }
        try target.parent.folder.removeTree(target.name)
    }

    /// Makes a folder, or takes the one that is there; returns its inode.
    mutating func makeFolder(at target: Target) throws(LayerError) -> UInt64 {
        let name = target.name
        do throws(SyscallError) {
            do throws(SyscallError) {
                try target.parent.folder.makeFolder(name, mode: 0o700)
            } catch  where error.errno == .fileExists {
                if let status = try target.parent.folder.status(of: name), status.kind == .folder {
                    return status.inode
                }
                try clear(target)
                try target.parent.folder.makeFolder(name, mode: 0o700)
                // It was deleted or was something else before: the lower folder of that name does not come back.
                try markOpaque(target)
            }
            guard let status = try target.parent.folder.status(of: name) else {
                throw SyscallError("mkdirat", target.path.description, .noSuchFileOrDirectory)
            }
            return status.inode
        } catch {
            throw error.about(target.path)
        }
    }

    // MARK: Whiteouts

    /// Hides what lower layers have at a path. What this layer has there stays.
    mutating func delete(_ path: TreePath) throws(LayerError) {
        guard hasLower, let target = try existing(path) else { return }
        do throws(SyscallError) {
            if let status = try target.parent.folder.status(of: target.name) {
                if status.kind == .folder { try markOpaque(target) }
                return
            }
        } catch {
            throw error.about(target.path)
        }
        do throws(SyscallError) {
            try target.parent.folder.makeNode(
                target.name, .characterDevice, mode: 0, device: DeviceNumber(major: 0, minor: 0))
        } catch {
            throw error.about(target.path)
        }
    }

    /// Hides everything that lower layers have in a folder.
    mutating func hideLower(_ path: TreePath) throws(LayerError) {
        guard hasLower else { return }
        if path.isRoot {
            opaque.insert(.root)
            return
        }
        guard let target = try existing(path) else { return }
        _ = try makeFolder(at: target)
        if folders[target.path] == nil { try adopt(target) }
        do { try markOpaque(target) } catch { throw error.about(target.path) }
    }

    /// Where a path leads if there is such a folder to put it into, here or below; `nil` if nothing can be there.
    private mutating func existing(_ path: TreePath) throws(LayerError) -> Target? {
        do throws(LayerError) {
            if try find(path.parent) == nil, try lower()?.lookup(path.parent, lastLink: .follow) == nil { return nil }
            return try target(of: path, for: path.description)
        } catch .refused {
            return nil
        }
    }

    /// Gives a folder that stands for a lower one the looks of that one.
    private mutating func adopt(_ target: Target) throws(LayerError) {
        let entry = try lowerEntry(target.path) ?? TarEntry(target.path, .folder, mode: 0o755)
        do throws(SyscallError) {
            let inode = try target.parent.folder.status(of: target.name)?.inode
            folders[target.path] = PendingFolder(entry: entry, inode: inode)
        } catch {
            throw error.about(target.path)
        }
    }

    private mutating func markOpaque(_ target: Target) throws(SyscallError) {
        guard hasLower else { return }
        opaque.insert(target.path)
        do throws(SyscallError) {
            try target.parent.folder.setAttribute(
                ExtendedAttribute(name: Self.privilegedOpaque, value: [UInt8(ascii: "y")]), of: target.name)
        } catch  where error.errno == .notPermitted || error.errno == .notSupported {
            try target.parent.folder.setAttribute(
                ExtendedAttribute(name: Self.userOpaque, value: [UInt8(ascii: "y")]), of: target.name)
        }
    }

    // MARK: The end

    /// Gives folders their looks, the deepest first: nothing is put into them any more.
    mutating func finish() throws(LayerError) {
        if opaque.contains(.root) { try hideLowerRoot() }
        // The topmost layer's root is what the merged root looks like.
        if below != nil, folders[.root] == nil {
            let entry = try rootOfLower() ?? TarEntry(.root, .folder, mode: 0o755)
            folders[.root] = PendingFolder(entry: entry, inode: nil)
        }
        latest = nil
        // What lies in a folder has a longer path than the folder.
        for (path, pending) in folders.sorted(by: { $0.key.bytes.count > $1.key.bytes.count }) where !path.isRoot {
            guard let place = try open(path) else { continue }
            try describe(place, pending)
        }
        if let pending = folders[.root] { try describe(root, pending) }
    }

    private mutating func describe(_ place: Place, _ pending: PendingFolder) throws(LayerError) {
        let entry = pending.entry
        do throws(SyscallError) {
            let made = try place.folder.status()
            // Another one took its place.
            if let inode = pending.inode, made.inode != inode { return }
            if made.owner != entry.owner || made.group != entry.group {
                try keepOwner { () throws(SyscallError) in
                    try place.folder.setOwner(of: ".", owner: entry.owner, group: entry.group)
                }
            }
            try setAttributes(entry.attributes, of: ".", in: place)
            try place.folder.setModified(of: ".", FileStatus.Time(seconds: entry.modified))
            // Last, since it may lock us out.
            try place.folder.setMode(of: ".", entry.mode)
        } catch {
            throw error.about(place.path)
        }
    }

    /// Overlayfs asks no root whether it is opaque: every name below is hidden by itself.
    private mutating func hideLowerRoot() throws(LayerError) {
        guard let lower = try lower() else { return }
        for found in try lower.entries(of: .root) {
            let target = Target(parent: root, name: found.path.filePath, path: found.path)
            do throws(SyscallError) {
                if let status = try root.folder.status(of: target.name) {
                    if status.kind == .folder { try markOpaque(target) }
                } else {
                    try root.folder.makeNode(
                        target.name, .characterDevice, mode: 0, device: DeviceNumber(major: 0, minor: 0))
                }
            } catch {
                throw error.about(target.path)
            }
        }
    }
}
