import Layers
import OCI

/// Tells what of a plan is there already, below: then a layer need not say it.
///
/// A file with several names is there if it is there under all of them, so the whole plan is shown twice before the
/// first question: for the files, and for their further names.
struct LowerComparison: Sendable {
    /// What is planned at a path.
    typealias Plan = (TreePath) throws(BuildError) -> PlannedEntry?

    let lower: MergedTree
    /// Tells files apart that look the same from outside.
    let contents: FileComparison?
    /// The planned files that have further names.
    let linked: Set<TreePath>
    /// Those of them that are there under all of these, as one file.
    private var covered: Set<TreePath> = []
    private var sight = FolderSight()

    /// `nil` if nothing is there.
    init?(_ lower: MergedTree?, _ contents: FileComparison?, linked: Set<TreePath>) {
        guard let lower, !lower.isWithoutLayers else { return nil }
        self.lower = lower
        self.contents = contents
        self.linked = linked
    }

    /// A folder as it is there, as the parent of something new.
    func folder(at path: TreePath) throws(BuildError) -> PlannedEntry? {
        try lower.tarEntry(at: path).map { PlannedEntry(entry: $0, contents: .none) }
    }

    /// The first showing.
    mutating func noteFile(_ planned: PlannedEntry, _ plan: Plan) throws(BuildError) {
        let path = planned.entry.path
        guard let contents, linked.contains(path), try sight.shows(folderOf: path, lower, plan) else { return }
        if try contents.isSame(planned, in: lower) { covered.insert(path) }
    }

    /// The second showing.
    mutating func noteLink(_ planned: PlannedEntry, _ plan: Plan) throws(BuildError) {
        let path = planned.entry.path
        guard case .hardLink(let file) = planned.entry.kind, covered.contains(file) else { return }
        if try sight.shows(folderOf: path, lower, plan), try lower.areOneFile(path, file) { return }
        covered.remove(file)
    }

    /// True if the entry would leave everything as it is. A folder's time alone is no change.
    mutating func covers(_ planned: PlannedEntry, _ plan: Plan) throws(BuildError) -> Bool {
        let path = planned.entry.path
        switch planned.entry.kind {
        case .folder:
            guard var below = try lower.tarEntry(at: path) else { return false }
            below.modified = planned.entry.modified
            return below == planned.entry
        case .symbolicLink: return try lower.tarEntry(at: path) == planned.entry
        case .file:
            if linked.contains(path) { return covered.contains(path) }
            guard let contents, try sight.shows(folderOf: path, lower, plan) else { return false }
            return try contents.isSame(planned, in: lower)
        case .hardLink(let file): return covered.contains(file)
        case .characterDevice, .blockDevice, .fifo: return false
        }
    }
}

/// Whether the folder that a path lies in is there below, with nothing planned that hides it.
struct FolderSight: Sendable {
    /// What is known of the folder that was looked into last: its files come one after the other.
    private var last: (path: TreePath, shows: Bool)?

    mutating func forget() { last = nil }

    mutating func shows(
        folderOf path: TreePath, _ lower: MergedTree, _ plan: LowerComparison.Plan
    ) throws(BuildError) -> Bool {
        if let last, path.isDirectly(in: last.path) { return last.shows }
        let folder = path.parent
        var shows = folder.isRoot
        if !shows { shows = try lower.tarEntry(at: folder)?.kind == .folder }
        var above = folder
        while shows, !above.isRoot {
            if let planned = try plan(above), !planned.isFolder { shows = false }
            above = above.parent
        }
        last = (folder, shows)
        return shows
    }
}
