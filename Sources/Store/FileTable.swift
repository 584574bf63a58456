import Linux
import OCI

/// File records that are found by device and inode; of several for one file the last counts.
///
/// The records lie as they lie in the file, with a table of their positions beside them, so that tens of thousands are
/// read in a few milliseconds.
struct FileTable: Sendable {
    /// More files than this are not remembered; the older half is dropped.
    static let limit = 1_000_000

    /// How many records were passed in, those that no longer count and damaged ones included.
    private(set) var recordCount = 0
    /// How many files there are records of.
    private(set) var fileCount = 0
    private var words: [UInt64] = []
    /// Positions of records, counted from 1; 0 is free. The length is a power of two.
    private var slots: [UInt32] = [UInt32](repeating: 0, count: 64)

    init() {}

    /// Takes over what a file holds; records that are not whole are left out.
    init(words: [UInt64]) {
        let width = FileRecord.wordCount
        recordCount = words.count / width
        self.words = words
        makeSlots()
        for record in 0..<recordCount {
            let start = record * width
            let last = start + width - 1
            if FileRecord.guardWord(words[start..<last]) == words[last] { place(record) }
        }
    }

    /// How many records are not whole.
    static func damagedRecords(_ words: [UInt64]) -> Int {
        let width = FileRecord.wordCount
        return (0..<words.count / width).count { record in
            let last = record * width + width - 1
            return FileRecord.guardWord(words[record * width..<last]) != words[last]
        }
    }

    mutating func insert(_ record: FileRecord) {
        words.append(contentsOf: record.words)
        recordCount += 1
        guard recordCount * 2 > slots.count else { return place(recordCount - 1) }
        let placed = slots.filter { $0 > 0 }.sorted()
        makeSlots()
        for position in placed { place(Int(position) - 1) }
        place(recordCount - 1)
    }

    /// The words of the records from that one on.
    func words(from record: Int) -> ArraySlice<UInt64> { words[(record * FileRecord.wordCount)...] }

    /// Room for twice as many records as there are, at least.
    private mutating func makeSlots() {
        var size = 64
        while size < recordCount * 2 { size *= 4 }
        slots = [UInt32](repeating: 0, count: size)
        fileCount = 0
    }

    /// True if the file that holds these records is worth rewriting.
    var isWasteful: Bool { recordCount > 8192 && recordCount > 2 * fileCount || fileCount > Self.limit }

    /// The digest of the file, if it is still exactly the one that was recorded.
    func digest(of status: FileStatus) -> Digest? {
        guard fileCount > 0 else { return nil }
        let found = slots[slot(device: status.device, inode: status.inode)]
        guard found > 0 else { return nil }
        let start = (Int(found) - 1) * FileRecord.wordCount
        return FileRecord.isAbout(status, words, at: start) ? FileRecord.digest(words, at: start) : nil
    }

    /// The newest records, at most `limit`, one for each file, oldest first.
    func newest(_ limit: Int) -> [UInt64] {
        var positions = slots.filter { $0 > 0 }
        positions.sort()
        var result: [UInt64] = []
        for position in positions.suffix(limit) {
            let start = (Int(position) - 1) * FileRecord.wordCount
            result.append(contentsOf: words[start..<start + FileRecord.wordCount])
        }
        return result
    }

    private mutating func place(_ record: Int) {
        let start = record * FileRecord.wordCount
        let slot = slot(device: words[start], inode: words[start + 1])
        if slots[slot] == 0 { fileCount += 1 }
        slots[slot] = UInt32(truncatingIfNeeded: record + 1)
    }

    /// Where the file's position stands, or the free place where it would.
    private func slot(device: UInt64, inode: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: FileRecord.place(device: device, inode: inode)) & mask
        while slots[slot] > 0 {
            let start = (Int(slots[slot]) - 1) * FileRecord.wordCount
            if words[start] == device, words[start + 1] == inode { break }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
