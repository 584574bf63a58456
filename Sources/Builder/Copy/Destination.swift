import Layers
import Linux
import OCI

/// The file system that is copied into, as it will be: what is there, and what has been planned over it.
struct Destination {
    /// What is there; `nil` for a layer that stands on nothing.
    let lower: MergedTree?
    private(set) var planned: [TreePath: PlannedEntry] = [:]

    init(lower: MergedTree?) { self.lower = lower }

    /// What is or will be at a path, no link followed.
    func entry(at path: TreePath) throws(BuildError) -> TarEntry? {
        if path.isRoot { return Self.root }
        if let planned = planned[path] { return planned.entry }
        guard !isHidden(path), let lower else { return nil }
        return try lower.tarEntry(at: path)
    }

    /// Every file system has a root, even one without files. No layer says anything about it.
    private static let root = TarEntry(.root, .folder, mode: 0o755)

    /// True if something planned above the path is no folder: then nothing below it is left of what was there.
    private func isHidden(_ path: TreePath) -> Bool {
        var folder = path.parent
        while !folder.isRoot {
            if let planned = planned[folder], !planned.isFolder { return true }
            folder = folder.parent
        }
        return false
    }

    mutating func put(_ entry: PlannedEntry) { planned[entry.entry.path] = entry }

    /// Drops what is planned below a path that becomes something else than a folder.
    mutating func clear(below path: TreePath) {
        for other in planned.keys where other != path && other.isInside(path) { planned[other] = nil }
    }

    /// The path without links, as a process with this root would see it; names that do not exist are kept.
    func resolve(_ path: TreePath) throws(BuildError) -> TreePath {
        try LinkResolution.resolve(path) { path throws(BuildError) in
            guard case .symbolicLink(let target)? = try entry(at: path)?.kind else { return nil }
            return target
        }
    }

    /// Plans the folders that are missing on a path without links.
    mutating func makeFolders(_ path: TreePath, like template: FolderTemplate) throws(BuildError) {
        guard !path.isRoot else { return }
        switch try entry(at: path)?.kind {
        case .folder?: return
        case .some:
            throw BuildError(
                .recipe, "not-a-folder", "`\(path)` is no folder, so nothing can be put into it",
                hint: "choose another destination, or remove the file in a step before")
        case nil:
            try makeFolders(path.parent, like: template)
            put(PlannedEntry(entry: template.entry(at: path), contents: .none))
        }
    }

    /// Everything planned that differs from what is there, with the folders above it, in the order of the paths.
    func changes() throws(BuildError) -> [PlannedEntry] {
        var kept: [TreePath: PlannedEntry] = [:]
        for (path, entry) in planned where try !equalsLower(entry) { kept[path] = entry }
        for path in Array(kept.keys) {
            var folder = path.parent
            while !folder.isRoot, kept[folder] == nil {
                guard let parent = try parent(at: folder) else { break }
                kept[folder] = parent
                folder = folder.parent
            }
        }
        return Self.withLinksAfterFiles(kept.values.sorted { $0.entry.path < $1.entry.path })
    }

    /// A folder as the parent of something new: as it is planned, or else as it is there.
    private func parent(at path: TreePath) throws(BuildError) -> PlannedEntry? {
        if let planned = planned[path] { return planned }
        guard let entry = try lower?.tarEntry(at: path) else { return nil }
        return PlannedEntry(entry: entry, contents: .none)
    }

    /// Makes the first name of a file, in the order of the paths, the one that carries the contents.
    private static func withLinksAfterFiles(_ entries: [PlannedEntry]) -> [PlannedEntry] {
        var entries = entries
        let positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.entry.path, $0) })
        var first: [TreePath: Int] = [:]
        for index in entries.indices {
            guard case .hardLink(let target) = entries[index].entry.kind, let file = positions[target] else { continue }
            let carrier = first[target] ?? file
            if index < carrier {
                let (link, path) = (entries[index], entries[carrier].entry.path)
                entries[index] = entries[carrier]
                entries[index].entry.path = link.entry.path
                entries[carrier] = link
                entries[carrier].entry.path = path
                first[target] = index
            }
            let holder = entries[first[target] ?? file].entry.path
            for other in [index, file] where entries[other].entry.path != holder {
                entries[other].entry.kind = .hardLink(target: holder)
            }
        }
        return entries
    }

    /// True if the entry would leave everything as it is, as far as that can be told without reading contents.
    private func equalsLower(_ planned: PlannedEntry) throws(BuildError) -> Bool {
        guard planned.isFolder || planned.entry.kind.isLink, let lower = try lower?.tarEntry(at: planned.entry.path)
        else { return false }
        return lower == planned.entry
    }
}

/// What a folder that is made on the way looks like.
struct FolderTemplate: Sendable {
    var mode: UInt16 = 0o755
    var owner = Ownership.root
    let modified: Int64

    func entry(at path: TreePath) -> TarEntry {
        TarEntry(
            path, .folder, mode: mode, owner: owner.user, group: owner.group, modified: modified,
            attributes: [])
    }
}
