import Linux
import OCI

/// One name in an upper folder, and what it means.
struct OverlayFinding {
    enum Verdict: UInt64 {
        case added
        case modified
        /// Equal to what lies below: copied up, and not changed.
        case same
        /// Stands for nothing: a stub for a mount, a socket or a whiteout over nothing.
        case meaningless
        /// What lies below is gone.
        case deleted
    }

    /// What there is in the upper folder.
    enum Presence: UInt64 {
        /// Nothing, since the folder around it is opaque.
        case nothing
        case folder
        case socket
        case other

        init(_ kind: FileKind) {
            switch kind {
            case .folder: self = .folder
            case .socket: self = .socket
            case .regular, .symbolicLink, .characterDevice, .blockDevice, .fifo: self = .other
            }
        }
    }

    let path: TreePath
    let presence: Presence
    var verdict: Verdict
    /// What the layer would say of it; `nil` for deletions and what has no form in a layer.
    var entry: TarEntry?
    /// True if nothing below shows through at this path, even if the upper name were removed.
    let isCovered: Bool
    /// When the upper name was modified.
    var modified = FileStatus.Time(seconds: 0)
    /// When what lies below was; `nil` if nothing does.
    var modifiedBelow: FileStatus.Time?
    /// The names of attributes that the file has and the entry has not.
    var surplus: [[UInt8]] = []

    /// True if the layer has to mention it.
    var isChange: Bool {
        switch verdict {
        case .added, .modified, .deleted: true
        case .same, .meaningless: false
        }
    }
}

extension OverlayFinding {
    private static let marks: (covered: UInt64, entry: UInt64, below: UInt64) = (1, 2, 4)

    func write(to record: inout RecordBuffer) {
        record.put(verdict.rawValue)
        record.put(presence.rawValue)
        record.put(
            (isCovered ? Self.marks.covered : 0) | (entry == nil ? 0 : Self.marks.entry)
                | (modifiedBelow == nil ? 0 : Self.marks.below))
        if let entry { record.put(entry) } else { record.put(path.bytes) }
        record.put(modified)
        if let modifiedBelow { record.put(modifiedBelow) }
        record.put(UInt64(surplus.count))
        for name in surplus { record.put(name) }
    }

    init(from record: inout RecordBuffer) {
        verdict = Verdict(rawValue: record.takeUnsigned()) ?? .meaningless
        presence = Presence(rawValue: record.takeUnsigned()) ?? .nothing
        let marks = record.takeUnsigned()
        isCovered = marks & Self.marks.covered != 0
        if marks & Self.marks.entry != 0 {
            let entry = record.takeEntry()
            path = entry.path
            self.entry = entry
        } else {
            path = TreePath(unchecked: record.takeBytes())
        }
        modified = record.takeTime()
        if marks & Self.marks.below != 0 { modifiedBelow = record.takeTime() }
        surplus = (0..<record.takeUnsigned()).map { _ in record.takeBytes() }
    }
}
