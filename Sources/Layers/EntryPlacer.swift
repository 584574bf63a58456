import Glibc
import Linux
import OCI
import SystemPackage

/// Makes files from entries inside one folder, trusting neither their names nor their order.
///
/// Every parent folder is reached without following links, or along links that are resolved here and stay inside; what
/// is made or removed is a single name in an open folder. So nothing leads out, whatever the archive made before.
struct EntryPlacer {
    /// A folder that is open, and its path once all links are resolved.
    final class Place {
        let path: TreePath
        let folder: Folder

        init(_ path: TreePath, _ folder: consuming Folder) {
            self.path = path
            self.folder = folder
        }
    }

    /// Where an entry goes: a name in an open folder.
    struct Target {
        let parent: Place
        let name: FilePath
        let path: TreePath
    }

    /// What a folder gets at the end, when nothing is put into it any more.
    struct PendingFolder {
        let entry: TarEntry
        /// `nil` for the root, which is always the same one.
        let inode: UInt64?
    }

    static let pathLimit = 4095

    let root: Place
    /// `nil` for plain files, which are no layer of anything.
    let below: LayerUnpacker.Below?
    /// The layers below, once they were asked for.
    private var opened: MergedTree?
    let isPrivileged = geteuid() == 0
    /// Whose files are that this process makes, unless the folder they are made in wants it otherwise.
    private let user = geteuid()
    private let group = getegid()
    var losses = UnpackedArchive.Losses()
    /// By their resolved paths.
    var folders: [TreePath: PendingFolder] = [:]
    /// Folders through which nothing of the lower layers shows.
    var opaque: Set<TreePath> = []
    /// The folder that the last entry was put into, and its path as written: the next one usually goes there too.
    var latest: (written: TreePath, place: Place)?

    init(in folder: FilePath, over below: LayerUnpacker.Below? = nil) throws(LayerError) {
        do throws(SyscallError) { root = Place(.root, try Folder(opening: folder)) } catch { throw .system(error) }
        self.below = below
    }

    /// The layers below; `nil` if there are none.
    mutating func lower() throws(LayerError) -> MergedTree? {
        guard opened == nil, case .layers(let open) = below else { return opened }
        opened = try open()
        return opened
    }

    /// True if marks for lower layers have a meaning here.
    var hasLower: Bool { if case .layers = below { true } else { false } }

    /// Makes the file of an entry, in place of what is there.
    mutating func place(_ entry: TarEntry, from reader: TarReader) throws(LayerError) {
        guard !entry.path.isRoot else {
            folders[.root] = PendingFolder(entry: entry, inode: nil)
            return
        }
        let target = try target(of: entry.path, for: reader.member)
        switch entry.kind {
        case .file(let size): try placeFile(entry, size, at: target, from: reader)
        case .folder: folders[target.path] = PendingFolder(entry: entry, inode: try makeFolder(at: target))
        case .symbolicLink(let text):
            try create(at: target) { folder, name throws(SyscallError) in try folder.makeLink(name, target: text) }
            try describe(entry, at: target)
        case .hardLink(let existing): try placeHardLink(to: existing, at: target, for: reader.member)
        case .characterDevice(let number): try placeNode(entry, .characterDevice, number, at: target, reader.member)
        case .blockDevice(let number): try placeNode(entry, .blockDevice, number, at: target, reader.member)
        case .fifo: try placeNode(entry, .fifo, DeviceNumber(major: 0, minor: 0), at: target, reader.member)
        }
    }

    private mutating func placeFile(
        _ entry: TarEntry, _ size: Int64, at target: Target, from reader: TarReader
    ) throws(LayerError) {
        // Most files are ours and plain: they get their mode at once, and nothing has to be said again. Others nobody may
        // look into before they have their owner, and attributes need the right to write.
        let isPlain = isOurs(entry) && entry.attributes.isEmpty
        let file = try create(at: target) { folder, name throws(SyscallError) in
            try folder.createFile(name, mode: isPlain ? entry.mode & 0o777 : 0o600)
        }
        var end: Int64 = 0
        try reader.readContents { offset, bytes throws(LayerError) in
            do throws(SyscallError) {
                if offset != end { try file.seek(to: offset) }
                try file.write(bytes)
            } catch {
                throw error.about(target.path)
            }
            end = offset + Int64(bytes.count)
        }
        do throws(SyscallError) {
            if end < size { try file.truncate(to: size) }
            // The folder, its ACL and the process's mask all have a say in what a new file gets.
            let made = try file.status()
            if made.owner != entry.owner || made.group != entry.group {
                try keepOwner { () throws(SyscallError) in try file.setOwner(entry.owner, group: entry.group) }
            }
            try setAttributes(entry.attributes, of: target.name, in: target.parent)
            if !isPlain || made.mode != entry.mode { try file.setMode(entry.mode) }
            try file.setModified(FileStatus.Time(seconds: entry.modified))
        } catch {
            throw error.about(target.path)
        }
    }

    private mutating func placeNode(
        _ entry: TarEntry, _ kind: FileKind, _ number: DeviceNumber, at target: Target, _ member: String
    ) throws(LayerError) {
        do throws(LayerError) {
            try create(at: target) { folder, name throws(SyscallError) in
                try folder.makeNode(name, kind, mode: 0o600, device: number)
            }
        } catch .system(let error) where error.errno == .notPermitted {
            throw .refused(member, reason: "making a device needs privileges that we do not have")
        }
        try describe(entry, at: target)
    }

    /// The other name is looked for where an entry of that name would go, and is not followed if it is a link.
    private mutating func placeHardLink(
        to existing: TreePath, at target: Target, for member: String
    ) throws(LayerError) {
        let missing = LayerError.refused(
            member, reason: "it is a second name for `\(existing)`, and no such file comes before it")
        guard !existing.isRoot, let parent = try find(existing.parent) else { throw missing }
        let name = FilePath(bytes: existing.name)
        let found: FileStatus?
        do { found = try parent.folder.status(of: name) } catch { throw error.about(existing) }
        guard let found, parent.path.appending(existing.name) != target.path, !found.isOverlayWhiteout,
            found.kind != .folder
        else { throw missing }
        try create(at: target) { folder, newName throws(SyscallError) in
            try folder.makeHardLink(newName, to: name, in: parent.folder)
        }
    }

    // MARK: What files look like

    private func isOurs(_ entry: TarEntry) -> Bool { entry.owner == user && entry.group == group }

    /// Sets everything that a link or node has besides itself.
    private mutating func describe(_ entry: TarEntry, at target: Target) throws(LayerError) {
        let folder = target.parent
        do throws(SyscallError) {
            let made = isOurs(entry) ? try folder.folder.status(of: target.name) : nil
            if made?.owner != entry.owner || made?.group != entry.group {
                try keepOwner { () throws(SyscallError) in
                    try folder.folder.setOwner(of: target.name, owner: entry.owner, group: entry.group)
                }
            }
            try setAttributes(entry.attributes, of: target.name, in: folder)
            if !entry.isSymbolicLink { try folder.folder.setMode(of: target.name, entry.mode) }
            try folder.folder.setModified(of: target.name, FileStatus.Time(seconds: entry.modified))
        } catch {
            throw error.about(target.path)
        }
    }

    /// Before the mode: changing the owner clears set-ID bits.
    mutating func keepOwner(_ body: () throws(SyscallError) -> Void) throws(SyscallError) {
        do throws(SyscallError) {
            try body()
        } catch  where !isPrivileged && (error.errno == .notPermitted || error.errno == .invalidArgument) {
            losses.owners += 1
        }
    }

    /// After the owner, whose change drops capabilities; before the mode, which may forbid it.
    mutating func setAttributes(
        _ attributes: [ExtendedAttribute], of name: FilePath, in place: Place
    ) throws(SyscallError) {
        for attribute in attributes {
            do throws(SyscallError) {
                try place.folder.setAttribute(attribute, of: name)
            } catch  where error.errno == .notSupported || !isPrivileged && error.errno == .notPermitted {
                losses.attributes += 1
            }
        }
    }
}

extension TarEntry {
    fileprivate var isSymbolicLink: Bool { if case .symbolicLink = kind { true } else { false } }
}

extension SyscallError {
    /// The same with the whole path of the entry that it is about.
    func about(_ path: TreePath) -> LayerError { .system(SyscallError(call, path.description, errno)) }
}
