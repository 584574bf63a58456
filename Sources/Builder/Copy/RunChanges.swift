import Layers
import OCI

/// The changes of a run. Of what was read before only the folders are kept that the next entry may lie in.
struct RunChanges: Sendable {
    private var plan: Plan
    private var comparison: LowerComparison?
    private var above = FoldersAbove()
    /// What comes next; the first of it last.
    private var ready: [PlannedEntry] = []

    /// The folders that an entry lies in, outermost first, and which of them the layer has.
    private struct FoldersAbove: Sendable {
        var folders: [(planned: PlannedEntry, isWritten: Bool)] = []

        func planned(at path: TreePath) -> PlannedEntry? { folders.last { $0.planned.entry.path == path }?.planned }

        /// Leaves the folders that the path does not lie in.
        mutating func turn(to path: TreePath) {
            while let folder = folders.last, !path.isInside(folder.planned.entry.path) { folders.removeLast() }
        }
    }

    /// Where the planned entries come from.
    private enum Plan {
        case records(PlannedRecords.Reader)
        case flow(PlannedFlow)

        mutating func next() throws(BuildError) -> PlannedEntry? {
            switch self {
            case .flow(let flow): return try flow.next()
            case .records(var reader):
                let next = try reader.next()
                self = .records(reader)
                return next
            }
        }
    }

    /// Nothing in the flow may have several names that the comparison would have to know of.
    init(_ flow: PlannedFlow, _ comparison: LowerComparison?) {
        plan = .flow(flow)
        self.comparison = comparison
    }

    init(_ records: PlannedRecords, _ comparison: LowerComparison?) throws(BuildError) {
        plan = .records(records.reader())
        self.comparison = comparison
        guard var comparison, !comparison.linked.isEmpty else { return }
        try Self.forEach(of: records) { planned, plan throws(BuildError) in try comparison.noteFile(planned, plan) }
        try Self.forEach(of: records) { planned, plan throws(BuildError) in try comparison.noteLink(planned, plan) }
        self.comparison = comparison
    }

    private static func forEach(
        of records: PlannedRecords, _ body: (PlannedEntry, LowerComparison.Plan) throws(BuildError) -> Void
    ) throws(BuildError) {
        var (plan, above) = (records.reader(), FoldersAbove())
        while let planned = try plan.next() {
            above.turn(to: planned.entry.path)
            try body(planned, above.planned(at:))
            if planned.isFolder { above.folders.append((planned, false)) }
        }
    }

    mutating func next() throws(BuildError) -> PlannedEntry? {
        while ready.isEmpty {
            guard let planned = try plan.next() else { return nil }
            above.turn(to: planned.entry.path)
            let folders = above
            let isCovered = try comparison?.covers(planned, folders.planned(at:)) ?? false
            if !isCovered {
                ready.append(planned)
                try addFolders(above: planned.entry.path)
            }
            if planned.isFolder { above.folders.append((planned, !isCovered)) }
        }
        return ready.popLast()
    }

    /// Adds the folders on the way that the layer has not got yet: as they are planned, or else as they are there.
    private mutating func addFolders(above path: TreePath) throws(BuildError) {
        var folder = path.parent
        var missing: [PlannedEntry] = []
        while !folder.isRoot {
            if let known = above.folders.last(where: { $0.planned.entry.path == folder }) {
                guard !known.isWritten else { break }
                missing.append(known.planned)
            } else {
                guard let below = try comparison?.folder(at: folder) else { break }
                missing.append(below)
            }
            folder = folder.parent
        }
        guard !missing.isEmpty else { return }
        while let last = above.folders.last, last.planned.entry.path != folder,
            last.planned.entry.path.isInside(folder)
        { above.folders.removeLast() }
        above.folders += missing.reversed().map { ($0, true) }
        ready += missing
    }
}
