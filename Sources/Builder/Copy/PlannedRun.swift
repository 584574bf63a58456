import Layers
import Linux
import OCI
import SystemPackage

/// Planned entries that came in the order of their paths, as those of one source do.
///
/// They are recorded, most of them in a file, and read from there when the layer is written. At hand are the last entry
/// and those above it, which nearly every question is about.
struct PlannedRun: ~Copyable {
    /// How many bytes of records are read at a time.
    private static let portion = 1 << 14

    private var spool: ByteSpool
    private var portions: [Portion] = []
    /// Records that make no portion yet.
    private var buffer = RecordBuffer()
    private var first = TreePath.root
    /// The entry that was added last; it is in no record yet.
    private var last: PlannedEntry?
    /// Its path. An entry is large, and everybody asks for this first.
    private var end = TreePath.root
    private var isEmpty: Bool { last == nil }
    /// The planned entries that the last one lies in, outermost first.
    private var above: [PlannedEntry] = []
    /// What stands in the place of entries that were recorded.
    private(set) var replacements: [TreePath: PlannedEntry] = [:]
    /// True if entries are not recorded, but taken as soon as another one comes behind them.
    let isPassedOn: Bool
    /// Those that are to be taken, the next one first: hardly ever more than one.
    private var passedOn: [PlannedEntry] = []

    /// Records that are read together.
    fileprivate struct Portion: Sendable {
        let first: TreePath
        let range: Range<Int>
    }

    /// `folder`: where the file would lie; `nil` keeps all in memory.
    init(in folder: FilePath?) { self.init(in: folder, isPassedOn: false) }

    private init(in folder: FilePath?, isPassedOn: Bool) {
        spool = ByteSpool(in: folder)
        self.isPassedOn = isPassedOn
    }

    /// One that is taken while it is planned.
    static func passingOn() -> PlannedRun { PlannedRun(in: nil, isPassedOn: true) }

    /// The next entry that others came behind.
    mutating func takeNext() -> PlannedEntry? { passedOn.isEmpty ? nil : passedOn.removeFirst() }

    /// The entry that nothing came behind.
    mutating func takeLast() -> PlannedEntry? { last.take() }

    /// True if the path comes after all that is planned.
    func isBefore(_ path: TreePath) -> Bool { isEmpty || end < path }

    /// Adds an entry whose path comes after all others.
    mutating func append(_ planned: PlannedEntry) {
        let path = planned.entry.path
        if let last {
            record(last)
            if path.isInside(end) { above.append(last) }
        }
        while !above.isEmpty, !path.isInside(above[above.count - 1].entry.path) { above.removeLast() }
        last = planned
        end = path
    }

    private mutating func record(_ planned: PlannedEntry) {
        guard !isPassedOn else { return passedOn.append(planned) }
        if buffer.bytes.isEmpty { first = planned.entry.path }
        planned.write(to: &buffer)
        if buffer.bytes.count >= Self.portion { close() }
    }

    private mutating func close() {
        guard !buffer.bytes.isEmpty else { return }
        portions.append(Portion(first: first, range: spool.count..<spool.count + buffer.bytes.count))
        spool.append(buffer.bytes)
        buffer.removeAll()
    }

    /// The entry at a path.
    func planned(at path: TreePath) throws(BuildError) -> PlannedEntry? {
        guard !isBefore(path) else { return nil }
        if end == path { return last }
        if !replacements.isEmpty, let replacement = replacements[path] { return replacement }
        if end.isInside(path) { return above.last { $0.entry.path == path } }
        return try search(path)
    }

    private func search(_ path: TreePath) throws(BuildError) -> PlannedEntry? {
        var records = buffer
        if buffer.bytes.isEmpty || path < first {
            guard let portion = portions.last(where: { !(path < $0.first) }) else { return nil }
            records = try Self.records(of: portion) { range throws(SyscallError) in try spool.bytes(in: range) }
        }
        while !records.isAtEnd {
            let planned = PlannedEntry(from: &records)
            if planned.entry.path == path { return planned }
        }
        return nil
    }

    fileprivate static func records(
        of portion: Portion, _ bytes: (Range<Int>) throws(SyscallError) -> [UInt8]
    ) throws(BuildError) -> RecordBuffer {
        do { return RecordBuffer(try bytes(portion.range)) } catch {
            throw BuildError(error, doing: "reading the list of what is copied")
        }
    }

    /// Puts something else in the place of an entry that there is.
    mutating func replace(_ planned: PlannedEntry) {
        let path = planned.entry.path
        let isLast = !isEmpty && end == path
        if isLast { last = planned }
        if !isLast || !planned.isFolder { replacements[path] = planned }
    }

    /// All that is planned.
    consuming func finish() -> PlannedRecords {
        if let last { record(last) }
        close()
        return PlannedRecords(portions: portions, replacements: replacements, bytes: spool.finish())
    }
}

/// A run that is complete.
struct PlannedRecords: Sendable {
    fileprivate let portions: [PlannedRun.Portion]
    fileprivate let replacements: [TreePath: PlannedEntry]
    fileprivate let bytes: SpooledBytes

    /// From the first entry on.
    func reader() -> Reader { Reader(records: self) }

    /// One who reads them in their order.
    struct Reader: Sendable {
        private let records: PlannedRecords
        private var position = 0
        private var buffer = RecordBuffer()

        fileprivate init(records: PlannedRecords) { self.records = records }

        mutating func next() throws(BuildError) -> PlannedEntry? {
            while buffer.isAtEnd {
                guard position < records.portions.count else { return nil }
                buffer = try PlannedRun.records(of: records.portions[position]) { range throws(SyscallError) in
                    try records.bytes.bytes(in: range)
                }
                position += 1
            }
            let planned = PlannedEntry(from: &buffer)
            guard !records.replacements.isEmpty else { return planned }
            return records.replacements[planned.entry.path] ?? planned
        }
    }
}
