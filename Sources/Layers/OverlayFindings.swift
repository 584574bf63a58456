import OCI

/// All that a walk of an upper folder found, in the order in which a layer has it.
///
/// Each is recorded as it was found. What shows only later is kept beside the records, and only of what it concerns:
/// that a folder leads to a change, and that a name is one more of a file.
struct OverlayFindings: Sendable {
    let count: Int
    let records: SpooledRecords
    /// By the numbers of the folders, in the order of the findings: those that lead to a change.
    let leads: [Bool]
    /// By the numbers of the findings.
    let links: [Int: LinkedName]

    /// A name of a file that has several, of which the layer writes all.
    enum LinkedName: Hashable {
        /// The first, which carries the contents.
        case first
        case further(of: TreePath)
    }

    func reader() -> Reader { Reader(findings: self) }

    /// One who goes through them.
    struct Reader {
        private let findings: OverlayFindings
        private var records: SpooledRecords.Reader
        private var count = 0
        private var folderCount = 0

        init(findings: OverlayFindings) {
            self.findings = findings
            records = findings.records.reader()
        }

        mutating func next() throws(LayerError) -> OverlayFinding? {
            guard var finding = try records.next({ OverlayFinding(from: &$0) }) else { return nil }
            settleLink(&finding)
            count += 1
            guard finding.presence == .folder else { return finding }
            if findings.leads[folderCount], !finding.isChange { finding.verdict = finding.changed }
            folderCount += 1
            return finding
        }

        private func settleLink(_ finding: inout OverlayFinding) {
            guard let link = findings.links[count] else { return }
            if finding.verdict == .same { finding.verdict = .modified }
            if case .further(let first) = link {
                finding.entry?.kind = .hardLink(target: first)
                finding.entry?.attributes = []
            }
        }
    }
}

extension OverlayFinding {
    /// The verdict on what is a change for a reason outside itself.
    fileprivate var changed: Verdict { modifiedBelow == nil ? .added : .modified }
}
