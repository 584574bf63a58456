import Layers
import OCI

/// Everything planned that differs from what is there, with the folders above it, one after the other in the order of
/// the paths.
struct PlannedChanges: Sendable {
    private var run: RunChanges?
    /// The first of them last.
    private var list: [PlannedEntry] = []

    /// `comparison`: `nil` if nothing is there.
    init(_ records: PlannedRecords, _ comparison: LowerComparison?) throws(BuildError) {
        run = try RunChanges(records, comparison)
    }

    /// `lower`: what is there; `nil` if nothing is.
    init(_ flow: PlannedFlow, over lower: MergedTree?, _ contents: FileComparison) {
        run = RunChanges(flow, LowerComparison(lower, contents, linked: []))
    }

    init(_ list: PlannedList, _ comparison: LowerComparison?) throws(BuildError) {
        self.list = try list.changes(comparison)
        self.list.reverse()
    }

    mutating func next() throws(BuildError) -> PlannedEntry? {
        guard run == nil else { return try run?.next() }
        return list.popLast()
    }

    /// All that are left, for those who know that they are few.
    mutating func all() throws(BuildError) -> [PlannedEntry] {
        var all: [PlannedEntry] = []
        while let planned = try next() { all.append(planned) }
        return all
    }
}
