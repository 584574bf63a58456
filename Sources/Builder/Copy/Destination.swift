import Layers
import Linux
import OCI

/// The file system that is copied into, as it will be: what is there, and what has been planned over it.
struct Destination {
    /// What is there; `nil` for a layer that stands on nothing.
    let lower: MergedTree?
    /// In the order in which it was planned.
    private var entries: [PlannedEntry] = []
    /// Where entries stand; `nil` as long as they stand in the order of their paths, as those of one source do.
    private var places: [TreePath: Int]?
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
        if let place = place(of: path) { return entries[place].entry }
        guard let lower, try showsFolder(of: path, lower) else { return nil }
        return try lower.tarEntry(at: path)
    }

    func planned(at path: TreePath) -> PlannedEntry? { place(of: path).map { entries[$0] } }

    private func place(of path: TreePath) -> Int? {
        if let places { return places[path] }
        // What is asked for is nearly always what comes next.
        guard let last = entries.last, !(last.entry.path < path) else { return nil }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].entry.path < path { low = middle + 1 } else { high = middle }
        }
        return entries[low].entry.path == path ? low : nil
    }

    private static func places(of entries: [PlannedEntry]) -> [TreePath: Int] {
        Dictionary(uniqueKeysWithValues: entries.indices.map { (entries[$0].entry.path, $0) })
    }

    /// True if there is a folder below that the path lies in, and nothing that was planned hides it.
    private mutating func showsFolder(of path: TreePath, _ lower: MergedTree) throws(BuildError) -> Bool {
        if let lastFolder, path.isDirectly(in: lastFolder.path) { return lastFolder.shows }
        let folder = path.parent
        var shows = folder.isRoot
        if !shows { shows = try lower.tarEntry(at: folder)?.kind == .folder }
        var above = folder
        while shows, !above.isRoot {
            if let place = place(of: above), !entries[place].isFolder { shows = false }
            above = above.parent
        }
        lastFolder = (folder, shows)
        return shows
    }

    mutating func put(_ planned: PlannedEntry) {
        if !planned.isFolder { lastFolder = nil }
        let path = planned.entry.path
        if case .hardLink(let target) = planned.entry.kind { linked.insert(target) }
        if let place = place(of: path) {
            if linked.remove(path) != nil { handOver(entries[place]) }
            entries[place] = planned
        } else {
            if places == nil, let last = entries.last, path < last.entry.path { places = Self.places(of: entries) }
            places?[path] = entries.count
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
        guard let place = place(of: path), entries[place].isFolder else { return }
        entries.removeAll { $0.entry.path != path && $0.entry.path.isInside(path) }
        if places != nil { places = Self.places(of: entries) }
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
        let unchanged = try unchangedPlaces(contents)
        var kept = entries
        if !unchanged.isEmpty { kept = entries.indices.filter { !unchanged.contains($0) }.map { entries[$0] } }
        var present: Set<TreePath> = []
        for index in kept.indices where kept[index].isFolder { present.insert(kept[index].entry.path) }
        var last = TreePath.root
        for index in kept.indices where !kept[index].entry.path.isBeside(last) {
            last = kept[index].entry.path
            var folder = last.parent
            while !folder.isRoot, !present.contains(folder) {
                guard let parent = try parent(at: folder) else { break }
                kept.append(parent)
                present.insert(folder)
                folder = folder.parent
            }
        }
        if !kept.indices.dropFirst().allSatisfy({ kept[$0 - 1].entry.path < kept[$0].entry.path }) {
            kept.sort { $0.entry.path < $1.entry.path }
        }
        return kept.withLinksAfterFiles()
    }

    /// The places of the entries that would leave everything as it is.
    private func unchangedPlaces(_ contents: FileComparison?) throws(BuildError) -> Set<Int> {
        guard lower != nil else { return [] }
        var view = self
        let linked = try view.unchangedLinked(contents)
        var unchanged: Set<Int> = []
        for index in entries.indices where try view.equalsLower(entries[index], contents, linked) {
            unchanged.insert(index)
        }
        return unchanged
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
            guard let file = planned(at: path), try showsFolder(of: path, lower) else { continue }
            if try contents.isSame(file, in: lower) { unchanged.insert(path) }
        }
        for planned in entries {
            let path = planned.entry.path
            guard case .hardLink(let file) = planned.entry.kind, unchanged.contains(file) else { continue }
            if try showsFolder(of: path, lower), try lower.areOneFile(path, file) { continue }
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
            guard let contents, try showsFolder(of: path, lower) else { return false }
            return try contents.isSame(planned, in: lower)
        case .hardLink(let file): return unchanged.contains(file)
        case .characterDevice, .blockDevice, .fifo: return false
        }
    }
}

extension [PlannedEntry] {
    /// Makes the first name of a file, in the order of the paths, the one that carries the contents.
    fileprivate func withLinksAfterFiles() -> [PlannedEntry] {
        guard contains(where: { $0.entry.kind.isHardLink }) else { return self }
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
