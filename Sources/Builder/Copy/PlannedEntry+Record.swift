import Layers
import Linux
import OCI

extension PlannedEntry {
    func write(to record: inout RecordBuffer) {
        record.put(entry)
        switch contents {
        case .none: record.put(0 as UInt64)
        case .source(let index, let source):
            record.put(1 as UInt64)
            record.put(UInt64(index))
            source.write(to: &record)
        case .bytes(let bytes):
            record.put(2 as UInt64)
            record.put(bytes)
        case .spool(let offset):
            record.put(3 as UInt64)
            record.put(offset)
        }
    }

    init(from record: inout RecordBuffer) {
        entry = record.takeEntry()
        switch record.takeUnsigned() {
        case 1:
            let index = Int(record.takeUnsigned())
            contents = .source(index, SourceEntry(from: &record))
        case 2: contents = .bytes(record.takeBytes())
        case 3: contents = .spool(offset: record.takeSigned())
        case _: contents = .none
        }
    }
}

extension SourceEntry {
    private static let marks: (included: UInt64, numbered: UInt64, listed: UInt64) = (1, 2, 4)

    fileprivate func write(to record: inout RecordBuffer) {
        record.put(path.bytes)
        record.put(status)
        record.put(UInt64(owner))
        record.put(UInt64(group))
        record.put(
            (isIncluded ? Self.marks.included : 0) | (node == nil ? 0 : Self.marks.numbered)
                | (listing == nil ? 0 : Self.marks.listed))
        if let node { record.put(UInt64(node)) }
        if let listing { record.put(UInt64(listing)) }
    }

    fileprivate init(from record: inout RecordBuffer) {
        path = TreePath(unchecked: record.takeBytes())
        status = record.takeStatus()
        owner = UInt32(truncatingIfNeeded: record.takeUnsigned())
        group = UInt32(truncatingIfNeeded: record.takeUnsigned())
        let marks = record.takeUnsigned()
        isIncluded = marks & Self.marks.included != 0
        if marks & Self.marks.numbered != 0 { node = Int(record.takeUnsigned()) }
        if marks & Self.marks.listed != 0 { listing = Int(record.takeUnsigned()) }
    }
}
