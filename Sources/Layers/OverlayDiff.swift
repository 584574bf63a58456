package import Linux
package import OCI
package import SystemPackage

/// What a step changed, read from the upper folder that its overlay left behind.
///
/// The lower layers are only asked about names that occur above, so the cost does not grow with the base. Dropped are
/// files that were copied up and equal what lies below, whiteouts over nothing, sockets, and what stands for the mount
/// points that the step was given. An opaque folder becomes explicit whiteouts. A folder's time alone is no change:
/// every file that was made and removed again would leave one. Comes in the order in which a layer has it: a folder,
/// the whiteouts in it, its other entries by their bytes.
///
/// What was found is recorded, at first in memory and then in a file, so that it takes as much memory for a million
/// files as for a thousand.
package struct OverlayDiff: Sendable {
    private(set) var upper: LayerRoot
    let findings: OverlayFindings

    /// Compares `upper` with the layers it was mounted over.
    ///
    /// `hidden` are the names that a step's mount points needed and that `lower` lacks: they stay hidden, and folders
    /// among them appear only if something else was put into them. `scratch`: a folder for the record of many changes.
    package init(
        upper: FilePath, lower: MergedTree, hidden: Set<TreePath> = [],
        normaliser: EntryNormaliser = EntryNormaliser(), scratch: FilePath
    ) throws(LayerError) {
        let root = try LayerRoot(upper)
        self.upper = root
        findings = try OverlayWalk(
            root, over: lower, hidden: hidden, normaliser: normaliser, recordingIn: scratch
        ).findings()
    }

    /// The same changes, whose files are read from another folder that holds the same: the one that was compared may be
    /// gone by then.
    package func reading(from folder: FilePath) throws(LayerError) -> OverlayDiff {
        var diff = self
        diff.upper = try LayerRoot(folder)
        return diff
    }

    /// How many names there are in the upper folder, or are gone from it.
    package var count: Int { findings.count }

    /// How much of the record lies in memory, in bytes.
    package var residentSize: Int { findings.records.residentSize }

    /// The changes in the order in which a layer has them; none if the step changed nothing.
    package var changes: Changes { Changes(upper: upper, findings: findings.reader()) }

    /// One who goes through the changes.
    package struct Changes: Sendable {
        let upper: LayerRoot
        var findings: OverlayFindings.Reader

        package mutating func next() throws(LayerError) -> Change? {
            while let finding = try findings.next() {
                switch (finding.verdict, finding.entry) {
                case (.deleted, _): return .deleted(finding.path)
                case (.added, let entry?): return .added(entry, at: upper.location(of: finding.path))
                case (.modified, let entry?): return .modified(entry, at: upper.location(of: finding.path))
                case (_, _): continue
                }
            }
            return nil
        }

        /// The file that a change's contents are read from; `nil` for what is no file.
        package func contents(of change: Change) throws(LayerError) -> File? {
            switch change {
            case .deleted: return nil
            case .added(let entry, _), .modified(let entry, _):
                guard case .file = entry.kind else { return nil }
                return try upper.open(entry.path)
            }
        }

        /// All that are left, for those who know that they are few.
        package mutating func all() throws(LayerError) -> [Change] {
            var all: [Change] = []
            while let change = try next() { all.append(change) }
            return all
        }
    }
}
