import Frontend
import Layers
import Linux
import OCI
import SystemPackage

/// The layer beneath a step's upper folder: it holds the places where something is mounted and the image has nothing.
///
/// Like docker's init layer it keeps the image's own files free of them. Folders above a new place look just like the
/// image's, so that a command cannot tell the difference and the differ finds none.
struct InitLayer: Sendable {
    /// A place that must exist, and as what.
    struct Place: Hashable, Sendable {
        let target: String
        let isFolder: Bool
    }

    /// What every sandbox mounts on.
    static let usualPlaces = ["/proc", "/sys", "/dev"].map { Place(target: $0, isFolder: true) }

    /// The layer's folder; `nil` if the image has every place.
    let folder: FilePath?
    /// The places that the image did not have: none of them is part of the step's layer.
    let made: [TreePath]

    /// Makes the places that `tree` lacks in a folder of `shelf`, which other steps may have too.
    init(_ places: [Place], over tree: MergedTree, from shelf: InitLayers) throws(BuildError) {
        let (made, entries) = try Self.plan(places, over: tree)
        self.made = made
        folder = made.isEmpty ? nil : try shelf.folder(of: entries)
    }

    /// Makes the places that `tree` lacks in a new folder at `path`.
    init(_ places: [Place], over tree: MergedTree, at path: FilePath) throws(BuildError) {
        let (made, entries) = try Self.plan(places, over: tree)
        self.made = made
        folder = made.isEmpty ? nil : path
        if !made.isEmpty { try Self.write(entries, into: path) }
    }

    /// What is missing, and the entries of the layer that has it.
    ///
    /// What lies below an earlier place is left out: the mount there will cover it.
    private static func plan(
        _ places: [Place], over tree: MergedTree
    ) throws(BuildError) -> (made: [TreePath], entries: [TarEntry]) {
        var destination = Destination(lower: tree)
        var made: [TreePath] = []
        var covered: Set<TreePath> = []
        for place in places {
            let target = try destination.resolve(TreePath(normalising: place.target))
            if target.isRoot { continue }
            if covered.contains(where: { $0 != target && target.isInside($0) }) { continue }
            if place.isFolder { covered.insert(target) }
            if let entry = try destination.entry(at: target) {
                guard (entry.kind == .folder) == place.isFolder else { throw wrongKind(place) }
                continue
            }
            let missing = try missingFolders(above: target, in: &destination)
            try destination.makeFolders(target.parent, like: FolderTemplate(modified: 0))
            try destination.put(stub(at: target, isFolder: place.isFolder))
            made += missing + [target]
        }
        guard !made.isEmpty else { return ([], []) }
        var changes = try destination.changes()
        return (made, try changes.all().map(\.entry))
    }

    private static func wrongKind(_ place: Place) -> BuildError {
        BuildError(
            .recipe, "mount-point", "`\(place.target)` is \(place.isFolder ? "no folder" : "a folder") in the image",
            hint: "a step needs it to mount \(place.isFolder ? "a folder" : "a file") there")
    }

    private static func missingFolders(
        above path: TreePath, in destination: inout Destination
    ) throws(BuildError) -> [TreePath] {
        var missing: [TreePath] = []
        var folder = path.parent
        while !folder.isRoot, try destination.entry(at: folder) == nil {
            missing.append(folder)
            folder = folder.parent
        }
        return missing
    }

    private static func stub(at path: TreePath, isFolder: Bool) -> PlannedEntry {
        let entry = TarEntry(path, isFolder ? .folder : .file(size: 0), mode: isFolder ? 0o755 : 0o644)
        return PlannedEntry(entry: entry, contents: isFolder ? .none : .bytes([]))
    }

    /// Makes a folder of these entries, all of them folders and empty files.
    static func write(_ entries: [TarEntry], into path: FilePath) throws(BuildError) {
        do {
            try Folder(opening: path.removingLastComponent()).makeFolder(
                FilePath(root: nil, path.components.suffix(1)))
            let root = try Folder(opening: path)
            for entry in entries { try write(entry, into: root) }
            // Backwards: what is put into a folder changes its time.
            for entry in entries.reversed() { try setTime(entry, in: root) }
        } catch {
            throw BuildError(error, doing: "making the mount points of a step")
        }
    }

    /// What `write` leaves to when all entries are there: the time.
    static func setTime(_ entry: TarEntry, in root: borrowing Folder) throws(SyscallError) {
        try root.setModified(of: FilePath(bytes: entry.path.bytes), FileStatus.Time(seconds: entry.modified))
    }

    static func write(_ entry: TarEntry, into root: borrowing Folder) throws(SyscallError) {
        let path = FilePath(bytes: entry.path.bytes)
        if entry.kind == .folder {
            try root.makeFolder(path, mode: entry.mode)
        } else {
            _ = try root.createFile(path, mode: entry.mode)
        }
        try root.setOwner(of: path, owner: entry.owner, group: entry.group)
        try root.setMode(of: path, entry.mode)
        for attribute in entry.attributes { try root.setAttribute(attribute, of: path) }
    }
}
