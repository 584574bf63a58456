import Glibc
import Linux
import OCI
import SystemPackage

/// The way to an entry's parent folder, as a process whose root is the tree would walk it.
extension EntryPlacer {
    /// Where an entry goes. Folders that are missing on the way are made.
    mutating func target(of path: TreePath, for member: String) throws(LayerError) -> Target {
        let parent = try parent(path.parent, for: member)
        return try target(parent.path.appending(path.name), in: parent, for: member)
    }

    /// A name in an open folder, if the path to it is one that the kernel would take: links could lead to any depth.
    private func target(_ path: TreePath, in parent: Place, for member: String) throws(LayerError) -> Target {
        guard path.bytes.count <= Self.pathLimit else {
            throw .refused(member, reason: "links put it at a path of more than \(Self.pathLimit) bytes")
        }
        return Target(parent: parent, name: FilePath(bytes: path.name), path: path)
    }

    private mutating func parent(_ path: TreePath, for member: String) throws(LayerError) -> Place {
        if let latest, latest.written == path { return latest.place }
        let place: Place
        if let open = try open(path) { place = open } else { place = try walk(path, for: member) }
        latest = (path, place)
        return place
    }

    /// Opens a folder whose path holds no links; `nil` if it is not like that.
    func open(_ path: TreePath) throws(LayerError) -> Place? {
        if path.isRoot { return root }
        do throws(SyscallError) {
            return Place(path, Folder(try root.folder.openBeneath(path.filePath, O_RDONLY | O_DIRECTORY)))
        } catch  where [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(error.errno) {
            return nil
        } catch {
            throw error.about(path)
        }
    }

    /// Opens a folder that is in another; `nil` if it is none, or a link.
    private func open(_ path: TreePath, in place: Place) throws(LayerError) -> Place? {
        guard path.parent == place.path, !path.isRoot else { return try open(path) }
        do throws(SyscallError) {
            return Place(path, try place.folder.openFolder(FilePath(bytes: path.name)))
        } catch  where [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(error.errno) {
            return nil
        } catch {
            throw error.about(path)
        }
    }

    /// Goes down name by name: through folders, along links, and into folders that are made on the way.
    private mutating func walk(_ path: TreePath, for member: String) throws(LayerError) -> Place {
        var here = root
        var steps = LinkSteps(path)
        while let name = steps.next() {
            let step: Step
            if name.elementsEqual("..".utf8) {
                step = .folder(here.path.parent)
            } else {
                step = try look(for: name, in: here)
            }
            switch step {
            case .folder(let path):
                guard let place = try open(path, in: here) else { throw .tooManyLinks(path) }
                here = place
            case .link(let target):
                guard steps.follow(target) else {
                    throw .refused(member, reason: "more links lead to it than any real tree has")
                }
                if target.first == UInt8(ascii: "/") { here = root }
            case .missing(let entry):
                let target = try target(entry.path, in: here, for: member)
                folders[target.path] = PendingFolder(entry: entry, inode: try makeFolder(at: target))
                guard let place = try open(target.path, in: here) else { throw .tooManyLinks(path) }
                here = place
            case .obstacle(let path):
                throw .refused(member, reason: "`\(path)` on the way to it is no folder")
            }
        }
        return here
    }

    /// The folder at a path, along links but without making anything; `nil` if this layer has none there.
    mutating func find(_ path: TreePath) throws(LayerError) -> Place? {
        if let place = try open(path) { return place }
        var here = root
        var steps = LinkSteps(path)
        while let name = steps.next() {
            let step: Step = name.elementsEqual("..".utf8) ? .folder(here.path.parent) : try look(for: name, in: here)
            switch step {
            case .folder(let path):
                guard let place = try open(path, in: here) else { return nil }
                here = place
            case .link(let target):
                guard steps.follow(target) else { return nil }
                if target.first == UInt8(ascii: "/") { here = root }
            case .missing, .obstacle: return nil
            }
        }
        return here
    }

    private enum Step {
        case folder(TreePath)
        case link([UInt8])
        /// Nothing is in this layer; what the folder is like that has to be made.
        case missing(TarEntry)
        case obstacle(TreePath)
    }

    /// What a name in a folder of the merged tree leads to: this layer is asked first, then those below.
    private mutating func look(for name: [UInt8], in place: Place) throws(LayerError) -> Step {
        let path = place.path.appending(name)
        let file = FilePath(bytes: name)
        do throws(SyscallError) {
            if let status = try place.folder.status(of: file), !(status.isOverlayWhiteout && hasLower) {
                switch status.kind {
                case .folder: return .folder(path)
                case .symbolicLink: return .link(try place.folder.linkTarget(of: file))
                case .regular, .characterDevice, .blockDevice, .fifo, .socket: return .obstacle(path)
                }
            } else if try place.folder.status(of: file) != nil {
                return .missing(TarEntry(path, .folder, mode: 0o755))
            }
        } catch {
            throw error.about(path)
        }
        guard let lower = try lower(), let found = try lowerFound(path) else {
            return .missing(TarEntry(path, .folder, mode: 0o755))
        }
        switch found.status.kind {
        case .folder: return .missing(try entry(of: found, lower))
        case .symbolicLink: return .link(try lower.linkTarget(of: found))
        case .regular, .characterDevice, .blockDevice, .fifo, .socket: return .obstacle(path)
        }
    }

    // MARK: Lower layers

    /// What shows through at a path whose parents are folders in both, or in neither.
    mutating func lowerFound(_ path: TreePath) throws(LayerError) -> MergedTree.Found? {
        guard let lower = try lower() else { return nil }
        var above = path
        while !above.isRoot {
            above = above.parent
            if opaque.contains(above) { return nil }
        }
        // A link on the way below is hidden by the folder that stands there now.
        guard let found = try lower.lookup(path), found.path == path else { return nil }
        return found
    }

    /// What a folder below looks like, for the one that is made over it.
    mutating func lowerEntry(_ path: TreePath) throws(LayerError) -> TarEntry? {
        guard let lower = try lower(), let found = try lowerFound(path), found.status.kind == .folder else {
            return nil
        }
        return try entry(of: found, lower)
    }

    mutating func rootOfLower() throws(LayerError) -> TarEntry? {
        guard let lower = try lower(), let root = try lower.root() else { return nil }
        return try entry(of: root, lower)
    }

    private func entry(of found: MergedTree.Found, _ lower: MergedTree) throws(LayerError) -> TarEntry {
        TarEntry(
            found.path, .folder, mode: found.status.mode, owner: found.status.owner, group: found.status.group,
            modified: found.status.modified.seconds, attributes: try lower.attributes(of: found))
    }
}

/// The names that are still ahead on a path whose links are followed.
private struct LinkSteps {
    private var ahead: [[UInt8]]
    private var links = 0

    init(_ path: TreePath) { ahead = path.components.reversed().map(Array.init) }

    mutating func next() -> [UInt8]? {
        while let name = ahead.popLast() {
            if !name.elementsEqual(".".utf8) { return name }
        }
        return nil
    }

    /// False if there were too many.
    mutating func follow(_ target: [UInt8]) -> Bool {
        links += 1
        ahead.append(contentsOf: target.split(separator: UInt8(ascii: "/")).reversed().map(Array.init))
        return links <= MergedTree.linkLimit
    }
}
