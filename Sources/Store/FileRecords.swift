import Linux
import SystemPackage

/// File records by number: those that a file has, and behind them those that were added since.
///
/// They are read from there, a block at a time. What is asked for one after the other mostly lies together, as it was
/// recorded in the same order.
struct FileRecords: ~Copyable, Sendable {
    /// Records that are read together.
    private static let block = 128
    /// Blocks that are kept.
    private static let keptBlocks = 16

    private let file: File?
    /// How many records the file has.
    let fileCount: Int
    private(set) var count: Int
    private var added: ByteSpool
    /// By the remainder of their numbers.
    private var blocks: [(number: Int, words: [UInt64])]

    /// No records. `folder`: where those that are added may be kept.
    init(keepingIn folder: FilePath?) {
        file = nil
        fileCount = 0
        count = 0
        added = ByteSpool(in: folder)
        blocks = Array(repeating: (-1, []), count: Self.keptBlocks)
    }

    /// Those of a file.
    init(_ file: consuming File, keepingIn folder: FilePath?) throws(SyscallError) {
        fileCount = try Int(clamping: file.status().size) / FileRecord.size
        count = fileCount
        self.file = consume file
        added = ByteSpool(in: folder)
        blocks = Array(repeating: (-1, []), count: Self.keptBlocks)
    }

    mutating func append(_ record: FileRecord) {
        record.words.withUnsafeBytes { added.append($0) }
        count += 1
    }

    /// Calls `body` with the words of one record and where in them it begins.
    mutating func with<Result>(
        _ record: Int, _ body: ([UInt64], Int) -> Result
    ) throws(SyscallError) -> Result {
        let number = record / Self.block
        let range = number * Self.block..<(number + 1) * Self.block
        // A block that may still grow is not kept.
        guard range.upperBound <= count else { return body(try words(of: record..<record + 1), 0) }
        let place = number % Self.keptBlocks
        if blocks[place].number != number { blocks[place] = (number, try words(of: range)) }
        return body(blocks[place].words, (record - range.lowerBound) * FileRecord.wordCount)
    }

    /// The words of some records.
    func words(of range: Range<Int>) throws(SyscallError) -> [UInt64] {
        let border = min(max(fileCount, range.lowerBound), range.upperBound)
        var words: [UInt64] = []
        if range.lowerBound < border { words = try file?.records(range.lowerBound..<border) ?? [] }
        guard border < range.upperBound else { return words }
        let size = FileRecord.size
        let bytes = try added.bytes(in: (border - fileCount) * size..<(range.upperBound - fileCount) * size)
        bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 8) {
                words.append(bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            }
        }
        return words
    }

    /// Calls `body` with the words of all records from `first` on, some at a time.
    func forEachPortion(
        from first: Int = 0, _ body: ([UInt64]) throws(SyscallError) -> Void
    ) throws(SyscallError) {
        let portion = 4096
        for start in stride(from: first, to: count, by: portion) {
            try body(try words(of: start..<min(start + portion, count)))
        }
    }
}

extension FileRecord {
    /// In bytes.
    static let size = wordCount * 8
}

extension File {
    /// Reads records. Those that are gone, as somebody cut the file, are all zeros, which is no record.
    fileprivate borrowing func records(_ range: Range<Int>) throws(SyscallError) -> [UInt64] {
        let wanted = range.count * FileRecord.wordCount
        return try [UInt64](unsafeUninitializedCapacity: wanted) { buffer, count throws(SyscallError) in
            buffer.initialize(repeating: 0)
            count = wanted
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var filled = 0
            while filled < bytes.count {
                let offset = Int64(range.lowerBound * FileRecord.size + filled)
                let length = try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]), at: offset)
                if length == 0 { break }
                filled += length
            }
        }
    }
}
