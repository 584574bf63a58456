package import OCI
package import SystemPackage

/// What a step changed, read from the upper folder that its overlay left behind.
///
/// The lower layers are only asked about names that occur above, so the cost does not grow with the base. Dropped are
/// files that were copied up and equal what lies below, whiteouts over nothing, sockets, and what stands for the mount
/// points that the step was given. An opaque folder becomes explicit whiteouts. A folder's time alone is no change:
/// every file that was made and removed again would leave one. Comes in the order in which a layer has it: a folder,
/// the whiteouts in it, its other entries by their bytes.
package struct OverlayDiff {
    private(set) var upper: LayerRoot
    let normaliser: EntryNormaliser
    let lower: MergedTree
    let hidden: Set<TreePath>
    var findings: [OverlayFinding] = []

    /// Compares `upper` with the layers it was mounted over.
    ///
    /// `hidden` are the names that a step's mount points needed and that `lower` lacks: they stay hidden, and folders
    /// among them appear only if something else was put into them.
    package init(
        upper: FilePath, lower: MergedTree, hidden: Set<TreePath> = [], normaliser: EntryNormaliser = EntryNormaliser()
    ) throws(LayerError) {
        self.upper = try LayerRoot(upper)
        self.lower = lower
        self.hidden = hidden
        self.normaliser = normaliser
        try walk()
        joinHardLinks()
        keepParents()
    }

    /// The same changes, whose files are read from another folder that holds the same: the one that was compared may be
    /// gone by then.
    package func reading(from folder: FilePath) throws(LayerError) -> OverlayDiff {
        var diff = self
        diff.upper = try LayerRoot(folder)
        return diff
    }

    /// The changes in the order in which a layer has them; empty if the step changed nothing.
    package var changes: [Change] {
        findings.compactMap { finding in
            switch (finding.verdict, finding.entry) {
            case (.deleted, _): .deleted(finding.path)
            case (.added, let entry?): .added(entry, at: upper.location(of: finding.path))
            case (.modified, let entry?): .modified(entry, at: upper.location(of: finding.path))
            case (_, _): nil
            }
        }
    }
}
