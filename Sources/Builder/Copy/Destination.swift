import Layers
import Linux
import OCI
import SystemPackage

/// The file system that is copied into, as it will be: what is there, and what has been planned over it.
struct Destination: ~Copyable {
    /// What is there; `nil` for a layer that stands on nothing.
    private let lower: MergedTree?
    private var run: PlannedRun
    /// All that is planned, once it does not come in the order of the paths any more.
    private var list: PlannedList?
    /// The planned files that have further names.
    private var linked: Set<TreePath> = []
    private var sight = FolderSight()

    /// `folder`: where the plan may be kept; `nil` keeps it in memory.
    init(lower: MergedTree?, keepingPlanIn folder: FilePath? = nil) {
        self.init(lower: lower, run: PlannedRun(in: folder))
    }

    private init(lower: MergedTree?, run: consuming PlannedRun) {
        // Of a tree without layers nobody need ask.
        self.lower = lower.flatMap { $0.isWithoutLayers ? nil : $0 }
        self.run = run
    }

    /// One whose plan is taken away while it is made, for what comes in the order of the paths from beginning to end.
    static func passingOn(lower: MergedTree?) -> Destination {
        Destination(lower: lower, run: .passingOn())
    }

    /// Every file system has a root, even one without files. No layer says anything about it.
    private static let root = TarEntry(.root, .folder, mode: 0o755)

    /// What is or will be at a path, no link followed.
    mutating func entry(at path: TreePath) throws(BuildError) -> TarEntry? {
        if path.isRoot { return Self.root }
        if list != nil || !run.isBefore(path), let planned = try planned(at: path) { return planned.entry }
        guard let lower, try showsFolder(of: path, lower) else { return nil }
        return try lower.tarEntry(at: path)
    }

    func planned(at path: TreePath) throws(BuildError) -> PlannedEntry? {
        if let list { return list.planned(at: path) }
        return try run.planned(at: path)
    }

    /// True if what was planned at a path is planned there still, as `isIt` says of what has come in its place.
    func keeps(_ path: TreePath, _ isIt: (PlannedEntry) -> Bool) -> Bool {
        if let list { return list.planned(at: path).map(isIt) ?? false }
        return run.replacements[path].map(isIt) ?? true
    }

    private mutating func showsFolder(of path: TreePath, _ lower: MergedTree) throws(BuildError) -> Bool {
        var sight = self.sight
        let shows = try sight.shows(folderOf: path, lower) { path throws(BuildError) in try planned(at: path) }
        self.sight = sight
        return shows
    }

    mutating func put(_ planned: PlannedEntry) throws(BuildError) {
        if !planned.isFolder { sight.forget() }
        let path = planned.entry.path
        if case .hardLink(let target) = planned.entry.kind { linked.insert(target) }
        if list == nil {
            if run.isBefore(path) { return run.append(planned) }
            let staysInOrder = !planned.entry.kind.isHardLink && !linked.contains(path)
            if staysInOrder, try run.planned(at: path) != nil { return run.replace(planned) }
            try makeList()
        }
        if let file = list?.planned(at: path), linked.remove(path) != nil {
            if let heir = list?.handOver(file) { linked.insert(heir) }
        }
        list?.put(planned)
    }

    mutating func takeNext() -> PlannedEntry? { run.takeNext() }
    mutating func takeLast() -> PlannedEntry? { run.takeLast() }

    private mutating func makeList() throws(BuildError) {
        precondition(!run.isPassedOn, "one folder's entries come in the order of their paths")
        var planned = PlannedRun(in: nil)
        swap(&planned, &run)
        list = try PlannedList(planned)
    }

    /// Drops what is planned below a path that becomes something else than a folder.
    mutating func clear(below path: TreePath) throws(BuildError) {
        guard try planned(at: path)?.isFolder ?? false else { return }
        if list == nil { try makeList() }
        list?.clear(below: path)
    }

    /// The path without links, as a process whose root is the folder `root` would see it; names that do not exist are
    /// kept.
    mutating func resolve(_ path: TreePath, in root: TreePath = .root) throws(BuildError) -> TreePath {
        try LinkResolution.resolve(path) { path throws(BuildError) in
            guard case .symbolicLink(let target)? = try entry(at: root.appending(path))?.kind else { return nil }
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
            try put(PlannedEntry(entry: template.entry(at: path), contents: .none))
        }
    }

    /// Everything planned that differs from what is there, with the folders above it, in the order of the paths.
    ///
    /// `contents` tells files apart that look the same from outside.
    consuming func changes(comparing contents: FileComparison? = nil) throws(BuildError) -> PlannedChanges {
        let comparison = LowerComparison(lower, contents, linked: linked)
        guard let list else { return try PlannedChanges(run.finish(), comparison) }
        return try PlannedChanges(list, comparison)
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
