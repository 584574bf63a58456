import Layers
import Linux
import OCI

/// The file system that is copied into, as it will be: what is there, and what has been planned over it.
struct Destination {
    /// What is there; `nil` for a layer that stands on nothing.
    let lower: MergedTree?
    /// In the order in which it was planned.
    private var entries: [PlannedEntry] = []
    private var places: [TreePath: Int] = [:]
    /// The planned files that have further names.
    private var linked: Set<TreePath> = []
    /// What is known of the folder that was looked into last: its files come one after the other.
    private var lastFolder: (path: TreePath, shows: Bool)?

    init(lower: MergedTree?) { self.lower = lower }

    /// Every file system has a root, even one without files. No layer says anything about it.
    private static let root = TarEntry(.root, .folder, mode: 0o755)

    /// What is or will be at a path, no link followed.
    mutating func entry(at path: TreePath) throws(BuildError) -> TarEntry? {
        if path.isRoot { return Self.root }
        if let place = places[path] { return entries[place].entry }
        guard let lower, try shows(path.parent, lower) else { return nil }
        return try lower.tarEntry(at: path)
    }

    func planned(at path: TreePath) -> PlannedEntry? { places[path].map { entries[$0] } }

    /// True if there is a folder below at this path and nothing that was planned hides it.
    private mutating func shows(_ folder: TreePath, _ lower: MergedTree) throws(BuildError) -> Bool {
        if let lastFolder, lastFolder.path == folder { return lastFolder.shows }
        var shows = folder.isRoot
        if !shows { shows = try lower.tarEntry(at: folder)?.kind == .folder }
        var above = folder
        while shows, !above.isRoot {
            if let place = places[above], !entries[place].isFolder { shows = false }
            above = above.parent
        }
        lastFolder = (folder, shows)
        return shows
    }

    mutating func put(_ planned: PlannedEntry) {
        if !planned.isFolder { lastFolder = nil }
        let path = planned.entry.path
        if case .hardLink(let target) = planned.entry.kind { linked.insert(target) }
        if let place = places[path] {
            if linked.remove(path) != nil { handOver(entries[place]) }
            entries[place] = planned
        } else {
            places[path] = entries.count
            entries.append(planned)
        }
    }

    /// Gives the contents of a file whose name is replaced to the next of its names: that one does not change with it.
    private mutating func handOver(_ file: PlannedEntry) {
        var heir: TreePath?
        for index in entries.indices where entries[index].entry.kind == .hardLink(target: file.entry.path) {
            if let heir {
                entries[index].entry.kind = .hardLink(target: heir)
                linked.insert(heir)
            } else {
                heir = entries[index].entry.path
                entries[index].entry.kind = file.entry.kind
                entries[index].contents = file.contents
            }
        }
    }

    /// Drops what is planned below a path that becomes something else than a folder.
    mutating func clear(below path: TreePath) {
        guard let place = places[path], entries[place].isFolder else { return }
        entries.removeAll { $0.entry.path != path && $0.entry.path.isInside(path) }
        places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.entry.path, $0) })
    }

    /// The path without links, as a process whose root is the folder `root` would see it; names that do not exist are
    /// kept.
    mutating func resolve(_ path: TreePath, in root: TreePath = .root) throws(BuildError) -> TreePath {
        var view = self
        let resolved = try LinkResolution.resolve(path) { path throws(BuildError) in
            guard case .symbolicLink(let target)? = try view.entry(at: root.appending(path))?.kind else { return nil }
            return target
        }
        lastFolder = view.lastFolder
        return resolved
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
    ///
    /// `contents` tells files apart that look the same from outside.
    func changes(comparing contents: FileComparison? = nil) throws(BuildError) -> [PlannedEntry] {
        var kept = lower == nil ? entries : []
        if lower != nil {
            var view = self
            let unchanged = try view.unchangedLinked(contents)
            for planned in entries where try !view.equalsLower(planned, contents, unchanged) { kept.append(planned) }
        }
        var present = Set(kept.lazy.filter(\.isFolder).map(\.entry.path))
        var last = TreePath.root
        for planned in kept where !planned.entry.path.isBeside(last) {
            last = planned.entry.path
            var folder = last.parent
            while !folder.isRoot, !present.contains(folder) {
                guard let parent = try parent(at: folder) else { break }
                kept.append(parent)
                present.insert(folder)
                folder = folder.parent
            }
        }
        if !zip(kept, kept.dropFirst()).allSatisfy({ $0.entry.path < $1.entry.path }) {
            kept.sort { $0.entry.path < $1.entry.path }
        }
        return kept.withLinksAfterFiles()
    }

    /// A folder as the parent of something new: as it is planned, or else as it is there.
    private func parent(at path: TreePath) throws(BuildError) -> PlannedEntry? {
        if let planned = planned(at: path) { return planned }
        guard let entry = try lower?.tarEntry(at: path) else { return nil }
        return PlannedEntry(entry: entry, contents: .none)
    }

    /// The planned files with further names that are there already under all of these, as one file.
    private mutating func unchangedLinked(_ contents: FileComparison?) throws(BuildError) -> Set<TreePath> {
        guard let lower, let contents else { return [] }
        var unchanged: Set<TreePath> = []
        for path in linked {
            guard let file = planned(at: path), try shows(path.parent, lower) else { continue }
            if try contents.isSame(file, in: lower) { unchanged.insert(path) }
        }
        for planned in entries {
            let path = planned.entry.path
            guard case .hardLink(let file) = planned.entry.kind, unchanged.contains(file) else { continue }
            if try shows(path.parent, lower), try lower.areOneFile(path, file) { continue }
            unchanged.remove(file)
        }
        return unchanged
    }

    /// True if the entry would leave everything as it is. A folder's time alone is no change.
    ///
    /// `unchanged`: the files with several names that would.
    private mutating func equalsLower(
        _ planned: PlannedEntry, _ contents: FileComparison?, _ unchanged: Set<TreePath>
    ) throws(BuildError) -> Bool {
        let path = planned.entry.path
        guard let lower else { return false }
        switch planned.entry.kind {
        case .folder:
            guard var below = try lower.tarEntry(at: path) else { return false }
            below.modified = planned.entry.modified
            return below == planned.entry
        case .symbolicLink: return try lower.tarEntry(at: path) == planned.entry
        case .file:
            if linked.contains(path) { return unchanged.contains(path) }
            guard let contents, try shows(path.parent, lower) else { return false }
            return try contents.isSame(planned, in: lower)
        case .hardLink(let file): return unchanged.contains(file)
        case .characterDevice, .blockDevice, .fifo: return false
        }
    }
}

extension [PlannedEntry] {
    /// Makes the first name of a file, in the order of the paths, the one that carries the contents.
    fileprivate func withLinksAfterFiles() -> [PlannedEntry] {
        guard contains(where: \.entry.kind.isHardLink) else { return self }
        var entries = self
        let positions = Dictionary(uniqueKeysWithValues: enumerated().map { ($1.entry.path, $0) })
        var carriers: [TreePath: Int] = [:]
        for index in indices {
            guard case .hardLink(let target) = entries[index].entry.kind, let file = positions[target] else { continue }
            let carrier = carriers[target] ?? file
            if index < carrier {
                let (link, path) = (entries[index].entry.path, entries[carrier].entry.path)
                entries.swapAt(index, carrier)
                entries[index].entry.path = link
                entries[carrier].entry.path = path
                carriers[target] = index
            }
            let holder = entries[carriers[target] ?? file].entry.path
            for other in [index, file] where entries[other].entry.path != holder {
                entries[other].entry.kind = .hardLink(target: holder)
            }
        }
        return entries
    }
}

/// What a folder that is made on the way looks like.
struct FolderTemplate: Sendable {
    var mode: UInt16 = 0o755
    var owner = Ownership.root
    let modified: Int64

    func entry(at path: TreePath) -> TarEntry {
        TarEntry(path, .folder, mode: mode, owner: owner.user, group: owner.group, modified: modified, attributes: [])
    }
}
