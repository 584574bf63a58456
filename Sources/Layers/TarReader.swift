package import Linux
import OCI

/// A tar as a run of entries, read once from front to back and trusted in nothing.
///
/// Read here and not by libarchive because names are bytes: libarchive brings the names of PAX records into a Unicode
/// normal form, and two files become one. Read are ustar, PAX, GNU (long names, sparse files, large numbers), star and
/// the oldest form. What is ambiguous is refused: an archive must not be one thing to us and another to a scanner.
///
///     file → SHA-256 (digest) → gzip, zstd, xz, bzip2 → SHA-256 (DiffID) → entries
package final class TarReader {
    /// What becomes of a member without a name that is no folder.
    package enum Nameless: Hashable, Sendable {
        case refused
        /// As docker does with the archives that ADD unpacks.
        case skipped
    }

    let limits: ArchiveLimits
    let nameless: Nameless
    private var bytes: Decompressor

    // Where we are
    private var entryCount: Int64 = 0
    /// Offset in the tar of what comes next.
    private var position: Int64 = 0
    private var isAtEnd = false
    /// False if the tar stopped without the zeros that end it.
    private var isTerminated = false
    private var globals = TarRecords()
    /// Bytes of all files so far, holes included.
    private var totalSize: Int64 = 0

    // The member read last
    /// Its name as the archive has it, for people.
    var member = ""
    private var map = SparseMap(size: 0)
    private var nextExtent = 0
    /// How much of that extent was read.
    private var extentDone: Int64 = 0
    /// Offset in the file, holes included, that `read(into:)` has come to.
    private var offset: Int64 = 0
    private var padding: Int64 = 0

    /// Reads from the file's position on. - Throws: `notAnArchive` if the first bytes begin none.
    package init(
        _ file: consuming File, limits: ArchiveLimits = ArchiveLimits(), nameless: Nameless = .refused,
        interruption: Interruption? = nil
    ) throws(LayerError) {
        self.limits = limits
        self.nameless = nameless
        bytes = try Decompressor(file, limits: limits, interruption: interruption)
    }

    /// The next member; `nil` at the end. What was not read of the last one is skipped.
    package func next() throws(LayerError) -> TarEntry? {
        try readContents { _, _ in }
        try skip(padding)
        padding = 0
        var records = globals
        while !isAtEnd {
            guard let header = try header() else {
                guard !records.isPending else { throw .corrupt("the tar ends after the records for a member") }
                return nil
            }
            switch header.type {
            case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
                try read(header, into: &records)
            case UInt8(ascii: "V"):
                // The name of the volume.
                break
            default:
                entryCount += 1
                guard entryCount <= limits.entries else {
                    throw .tooLarge("the number of entries", limit: limits.entries)
                }
                guard try isToBeSkipped(header, records) else { return try entry(header, records) }
                try readContents { _, _ in }
                try skip(padding)
                padding = 0
                records = globals
            }
        }
        return nil
    }

    /// Passes on what is left of the contents of the file read last: each part with its offset in the file.
    ///
    /// Holes of sparse files are left out.
    package func readContents(
        _ body: (Int64, UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        while nextExtent < map.extents.count {
            let extent = map.extents[nextExtent]
            let start = extent.offset + extentDone
            try read(extent.length - extentDone) { offset, part throws(LayerError) in try body(start + offset, part) }
            nextExtent += 1
            extentDone = 0
        }
        offset = map.size
    }

    /// Reads on in the contents of the file read last, holes as zeros; 0 at their end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let extent = nextExtent < map.extents.count ? map.extents[nextExtent] : nil
        let hole = (extent.map { $0.offset + extentDone } ?? map.size) - offset
        if hole > 0 {
            let count = Int(min(hole, Int64(buffer.count)))
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]).initializeMemory(as: UInt8.self, repeating: 0)
            offset += Int64(count)
            return count
        }
        guard let extent, !buffer.isEmpty else { return 0 }
        let count = try bytes.read(upTo: min(extent.length - extentDone, Int64(buffer.count))) { part in
            buffer.copyMemory(from: part)
        }
        guard count > 0 else { throw truncated }
        position += Int64(count)
        offset += Int64(count)
        extentDone += Int64(count)
        if extentDone == extent.length {
            nextExtent += 1
            extentDone = 0
        }
        return count
    }

    /// What the end of a tar has to look like.
    enum End {
        /// Zeros say that this is all.
        case marked
        /// Nothing: something else says whether this is all.
        case bare
    }

    /// Reads to the end of the archive, through whatever follows the tar in it. To be called once, and last.
    package func finish() throws(LayerError) -> ArchiveSummary { try finish(.marked) }

    func finish(_ end: End) throws(LayerError) -> ArchiveSummary {
        while try next() != nil {}
        guard isTerminated || end == .bare else {
            throw .corrupt("the tar ends without the zeros that mark its end")
        }
        let summary = try bytes.finish()
        return ArchiveSummary(
            digest: summary.digest, size: summary.size, diffID: summary.diffID,
            uncompressedSize: summary.uncompressedSize, entryCount: entryCount)
    }

    /// Reads a file only to find out what it holds, checking its checksums but not the tar in it.
    package static func summary(
        of file: consuming File, limits: ArchiveLimits = ArchiveLimits()
    ) throws(LayerError) -> ArchiveSummary {
        var bytes = try Decompressor(file, limits: limits)
        return try bytes.finish()
    }

    // MARK: Bytes

    /// Passes on exactly `count` bytes.
    private func read(
        _ count: Int64, _ body: (Int64, UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        var done: Int64 = 0
        while done < count {
            let got = try bytes.read(upTo: count - done) { part throws(LayerError) in try body(done, part) }
            guard got > 0 else { throw truncated }
            done += Int64(got)
            position += Int64(got)
        }
    }

    private func skip(_ count: Int64) throws(LayerError) { try read(count) { _, _ in } }

    /// Exactly `count` bytes, of which there may not be too many.
    func bytes(_ count: Int64) throws(LayerError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(count) { bytes.append(contentsOf: $1) }
        return bytes
    }

    private var truncated: LayerError {
        member.isEmpty
            ? .corrupt("the tar ends too early")
            : .refused(member, reason: "the tar ends within it or right behind it")
    }

    // MARK: Blocks

    /// The next header; `nil` at the end.
    private func header() throws(LayerError) -> TarHeader? {
        guard let block = try block() else {
            isAtEnd = true
            return nil
        }
        if block.allSatisfy({ $0 == 0 }) {
            // Many writers leave the second block out, but a tar does not go on behind one.
            if let second = try self.block(), second.contains(where: { $0 != 0 }) { throw badHeader }
            isAtEnd = true
            isTerminated = true
            return nil
        }
        guard let header = TarHeader(block) else { throw badHeader }
        return header
    }

    /// `nil` if the tar ends here.
    private func block() throws(LayerError) -> [UInt8]? {
        var block: [UInt8] = []
        block.reserveCapacity(TarHeader.size)
        while block.count < TarHeader.size {
            let wanted = Int64(TarHeader.size - block.count)
            let count = try bytes.read(upTo: wanted) { block.append(contentsOf: $0) }
            if count == 0, block.isEmpty { return nil }
            guard count > 0 else { throw truncated }
            position += Int64(count)
        }
        return block
    }

    private var badHeader: LayerError {
        let place = "at byte \(position - Int64(TarHeader.size))"
        guard !member.isEmpty else { return .corrupt("there is no tar header \(place), or its sum is wrong") }
        return .refused(member, reason: "what follows it \(place) is no tar header, or its sum is wrong")
    }

    /// Reads the contents of a header that is about the next member or all that follow.
    private func read(_ header: TarHeader, into records: inout TarRecords) throws(LayerError) {
        guard let size = header.contentsSize, (0...limits.records).contains(size) else {
            throw .tooLarge("the size of the records at byte \(position)", limit: limits.records)
        }
        let contents = try bytes(size)
        try skip(Self.padding(of: size))
        records.isPending = records.isPending || header.type != UInt8(ascii: "g")
        switch header.type {
        case UInt8(ascii: "L"): records.path = try longName(contents, records.path)
        case UInt8(ascii: "K"): records.linkTarget = try longName(contents, records.linkTarget)
        default:
            let isGlobal = header.type == UInt8(ascii: "g")
            do throws(TarRecords.Fault) {
                if isGlobal { try globals.read(contents, isGlobal: true) }
                try records.read(contents, isGlobal: isGlobal)
            } catch {
                throw .corrupt("\(error.reason), at byte \(position)")
            }
        }
    }

    /// GNU's form of a name that does not fit, which ends with a zero.
    private func longName(_ contents: [UInt8], _ other: [UInt8]?) throws(LayerError) -> [UInt8] {
        let name = Array(contents.prefix { $0 != 0 })
        guard !name.isEmpty, contents.dropFirst(name.count).allSatisfy({ $0 == 0 }), other == nil || other == name
        else {
            throw .corrupt("a long name is empty, not ended or differs from another, at byte \(position)")
        }
        return name
    }

    /// Bytes after contents up to the next block.
    private static func padding(of size: Int64) -> Int64 { (512 - size % 512) % 512 }

    // MARK: Contents

    /// Starts the contents of a member; `stored` bytes of them follow in the tar.
    func start(_ map: SparseMap, stored: Int64) throws(LayerError) {
        let (total, overflow) = totalSize.addingReportingOverflow(map.size)
        guard !overflow, total <= limits.size else {
            throw .tooLarge("the size of `\(member)` and the files before it", limit: limits.size)
        }
        totalSize = total
        self.map = map
        nextExtent = 0
        extentDone = 0
        offset = 0
        padding = Self.padding(of: stored)
    }

    /// The extents that stand before the contents, and how many bytes they took there (GNU's sparse form 1.0).
    func readExtents() throws(LayerError) -> (extents: [SparseMap.Extent], size: Int64) {
        var numbers: [Int64] = []
        var wanted = 1
        var digits: [UInt8] = []
        var size: Int64 = 0
        while numbers.count < wanted {
            let block = try bytes(512)
            size += 512
            for byte in block where numbers.count < wanted {
                guard byte == UInt8(ascii: "\n") else {
                    digits.append(byte)
                    continue
                }
                guard digits.count < 20, let number = TarRecords.decimal(digits) else { throw badExtents }
                digits = []
                numbers.append(number)
                if numbers.count == 1 {
                    guard number <= limits.extents else { throw badExtents }
                    wanted = 1 + 2 * Int(number)
                }
            }
            guard digits.count < 20 else { throw badExtents }
        }
        guard let extents = SparseMap.Extent.pairs(numbers.dropFirst()) else { throw badExtents }
        return (extents, size)
    }

    /// The extents of GNU's oldest sparse form: in the header, and in blocks right behind it.
    func readExtents(of header: TarHeader) throws(LayerError) -> [SparseMap.Extent] {
        var numbers: [Int64] = []
        var next: SparseBlock? = header.sparseExtents
        while let block = next {
            for extent in block.extents {
                guard let offset = extent.offset, let length = extent.length else { throw badExtents }
                numbers += [offset, length]
            }
            guard numbers.count <= 2 * limits.extents else { throw badExtents }
            next = block.isContinued ? SparseBlock(try bytes(512), at: 0, count: 21, more: 504) : nil
        }
        guard let extents = SparseMap.Extent.pairs(numbers[...]) else { throw badExtents }
        return extents
    }

    var badExtents: LayerError { .refused(member, reason: "the list of its extents makes no sense") }
}
