import Glibc

/// The names in a folder, sorted by their bytes and one behind the other in one piece of memory: a folder of a million
/// files takes little more than its names.
package struct FolderListing: Sendable {
    private struct Record {
        let start: Int
        let length: Int
        let kind: FileKind?
    }

    private var bytes: [UInt8] = []
    private var records: [Record] = []

    package init() {}

    package var count: Int { records.count }

    package subscript(index: Int) -> FolderEntry {
        let record = records[index]
        return FolderEntry(name: Array(bytes[record.start..<record.start + record.length]), kind: record.kind)
    }

    /// Adds a name at the end; once all are there they are to be sorted.
    package mutating func append(_ name: [UInt8], _ kind: FileKind?) {
        name.withUnsafeBytes { append($0, kind) }
    }

    private mutating func append(_ name: UnsafeRawBufferPointer, _ kind: FileKind?) {
        records.append(Record(start: bytes.count, length: name.count, kind: kind))
        bytes.append(contentsOf: name)
    }

    package mutating func sort() {
        bytes.withUnsafeBytes { bytes in
            records.sort { Self.order(Self.name($0, in: bytes), Self.name($1, in: bytes)) < 0 }
        }
    }

    /// Drops the names for which `isKept` returns false. It is asked in the order of the names.
    package mutating func keep<Failure: Error>(
        where isKept: (FolderEntry) throws(Failure) -> Bool
    ) throws(Failure) {
        var kept = 0
        for index in records.indices where try isKept(self[index]) {
            records[kept] = records[index]
            kept += 1
        }
        records.removeSubrange(kept...)
    }

    /// True if the name is among these, which are sorted.
    package func contains(_ name: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            name.withUnsafeBytes { name in
                var (low, high) = (0, records.count)
                while low < high {
                    let middle = (low + high) / 2
                    let order = Self.order(Self.name(records[middle], in: bytes), name)
                    if order == 0 { return true }
                    if order < 0 { low = middle + 1 } else { high = middle }
                }
                return false
            }
        }
    }

    private static func name(_ record: Record, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[record.start..<record.start + record.length])
    }

    private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        guard let one = left.baseAddress, let other = right.baseAddress else { return left.count - right.count }
        let order = memcmp(one, other, min(left.count, right.count))
        return order != 0 ? Int(order) : left.count - right.count
    }

    /// Each record of getdents64(2): inode and offset, the record's length (two bytes), the kind (one), and the name,
    /// ended by a zero.
    mutating func append(records: UnsafeRawBufferPointer) {
        var start = 0
        while start < records.count {
            let end = start + Int(records.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
            let text = UnsafeRawBufferPointer(rebasing: records[(start + 19)..<end])
            let name = UnsafeRawBufferPointer(
                rebasing: text[..<(text.baseAddress.map { strnlen($0, text.count) } ?? 0)])
            if !Self.isDots(name) { append(name, FileKind(mode: UInt32(records[start + 18]) << 12)) }
            start = end
        }
    }

    private static func isDots(_ name: UnsafeRawBufferPointer) -> Bool {
        name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
    }
}
