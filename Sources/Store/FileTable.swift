import Linux
import OCI

/// File records that are found by device and inode; of several for one file the last counts.
///
/// In memory is a table of their numbers; the records themselves stay where they are recorded.
struct FileTable: ~Copyable, Sendable {
    /// More files than this are not remembered; the older half is dropped.
    static let limit = 1_000_000

    /// How many files there are records of.
    private(set) var fileCount = 0
    private var records: FileRecords
    /// The half of a file's hash that says where the search for it begins, and the number of its record, counted from 1;
    /// 0 is free. The length is a power of two.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 64)

    /// Records that are not whole are left out.
    init(_ records: consuming FileRecords) throws(SyscallError) {
        self.records = records
        makeSlots(for: self.records.count)
        var next = 0
        for start in stride(from: 0, to: self.records.count, by: Self.portion) {
            let words = try self.records.words(of: start..<min(start + Self.portion, self.records.count))
            for place in stride(from: 0, to: words.count, by: FileRecord.wordCount) {
                if FileRecord.isWhole(words, at: place) {
                    try enter(next, device: words[place], inode: words[place + 1])
                }
                next += 1
            }
        }
    }

    /// Records that are read together when all are.
    private static let portion = 4096

    /// How many records were passed in, those that no longer count and damaged ones included.
    var recordCount: Int { records.count }

    /// Returns the record's number.
    mutating func insert(_ record: FileRecord) throws(SyscallError) -> Int {
        records.append(record)
        if recordCount * 2 > slots.count { grow() }
        let number = recordCount - 1
        try enter(number, device: record.words[0], inode: record.words[1])
        return number
    }

    /// Calls `body` with the words of all records from one on, some at a time.
    func forEachPortion(
        from record: Int, _ body: ([UInt64]) throws(SyscallError) -> Void
    ) throws(SyscallError) {
        try records.forEachPortion(from: record, body)
    }

    /// True if the file that holds these records is worth rewriting.
    var isWasteful: Bool { recordCount > 8192 && recordCount > 2 * fileCount || fileCount > Self.limit }

    /// The digest of the file, if it is still exactly the one that was recorded.
    mutating func digest(of status: FileStatus) throws(SyscallError) -> Digest? {
        guard fileCount > 0 else { return nil }
        let slot = try slot(device: status.device, inode: status.inode)
        guard slots[slot] > 0 else { return nil }
        return try digest(of: status, inRecord: Self.record(slots[slot]))
    }

    /// The same for who knows the record's number.
    mutating func digest(of status: FileStatus, inRecord number: Int) throws(SyscallError) -> Digest? {
        try records.with(number) { words, start in
            FileRecord.isAbout(status, words, at: start) ? FileRecord.digest(words, at: start) : nil
        }
    }

    /// The newest records, at most `limit`, one for each file, oldest first: calls `body` with the words of some at a
    /// time.
    mutating func forEachNewest(
        _ limit: Int, _ body: ([UInt64]) throws(SyscallError) -> Void
    ) throws(SyscallError) {
        var numbers = slots.compactMap { $0 > 0 ? UInt32(truncatingIfNeeded: $0) : nil }
        numbers.sort()
        var words: [UInt64] = []
        for number in numbers.suffix(limit) {
            try records.with(Int(number) - 1) { words += $0[$1..<$1 + FileRecord.wordCount] }
            guard words.count >= Self.portion * FileRecord.wordCount else { continue }
            try body(words)
            words.removeAll(keepingCapacity: true)
        }
        try body(words)
    }

    // MARK: Slots

    private static func record(_ slot: UInt64) -> Int { Int(slot & 0xFFFF_FFFF) - 1 }

    /// Room for twice as many records, at least.
    private mutating func makeSlots(for count: Int) {
        var size = 64
        while size < count * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
    }

    /// The marks say where everything goes; nothing has to be read for it.
    private mutating func grow() {
        var old: [UInt64] = []
        swap(&old, &slots)
        slots = [UInt64](repeating: 0, count: 2 * old.count)
        let mask = slots.count - 1
        for entry in old where entry > 0 {
            var slot = Int(entry >> 32) & mask
            while slots[slot] > 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }

    private mutating func enter(_ record: Int, device: UInt64, inode: UInt64) throws(SyscallError) {
        let slot = try slot(device: device, inode: inode)
        if slots[slot] == 0 { fileCount += 1 }
        let number = UInt64(UInt32(truncatingIfNeeded: record + 1))
        slots[slot] = Self.mark(device: device, inode: inode) << 32 | number
    }

    private static func mark(device: UInt64, inode: UInt64) -> UInt64 {
        FileRecord.place(device: device, inode: inode) & 0xFFFF_FFFF
    }

    /// Where the file's record stands, or the free place where it would.
    private mutating func slot(device: UInt64, inode: UInt64) throws(SyscallError) -> Int {
        let mark = Self.mark(device: device, inode: inode)
        let mask = slots.count - 1
        var slot = Int(mark) & mask
        while slots[slot] > 0 {
            // Few files share a mark, and only of those the records have to be read.
            if slots[slot] >> 32 == mark {
                let isIt = try records.with(Self.record(slots[slot])) { words, start in
                    words[start] == device && words[start + 1] == inode
                }
                if isIt { break }
            }
            slot = (slot + 1) & mask
        }
        return slot
    }
}
