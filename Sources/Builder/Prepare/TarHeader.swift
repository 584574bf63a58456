import Linux

/// One block of a tar that stands before a member (POSIX ustar and GNU's variant of it).
struct TarHeader {
    let name: [UInt8]
    let size: Int64
    let type: UInt8
    let link: [UInt8]

    /// Reads the block at an offset; `nil` at the end of the archive.
    init?(reading file: borrowing File, at offset: Int64) throws(ArchiveIndex.Fault) {
        let block: [UInt8]
        do { block = try file.bytes(at: offset, upTo: 512) } catch { throw .system(error) }
        if block.isEmpty { return nil }
        guard block.count == 512 else { throw .damaged(offset: offset, "the archive ends within a header") }
        // One block of zeros is enough: many writers leave the second one out.
        if block.allSatisfy({ $0 == 0 }) {
            guard offset > 0 else { throw .notATar }
            return nil
        }
        guard Self.hasValidSum(block) else {
            throw offset == 0 ? .notATar : .damaged(offset: offset, "a header's sum is wrong")
        }
        guard let size = Self.number(block[124..<136]) else {
            throw .damaged(offset: offset, "a member's size is no number")
        }
        self.size = size
        type = block[156]
        link = Array(block[157..<257].prefix { $0 != 0 })
        let prefix = block[345..<500].prefix { $0 != 0 }
        let hasPrefix = block[257..<263].elementsEqual("ustar\0".utf8) && !prefix.isEmpty
        let name = block[0..<100].prefix { $0 != 0 }
        self.name = hasPrefix ? Array(prefix) + [UInt8(ascii: "/")] + name : Array(name)
    }

    /// The sum of all bytes, the field of the sum itself taken as blanks.
    private static func hasValidSum(_ block: [UInt8]) -> Bool {
        var sum: Int64 = 8 * 32
        for (index, byte) in block.enumerated() where !(148..<156).contains(index) { sum += Int64(byte) }
        return number(block[148..<156]) == sum
    }

    /// Octal digits, or GNU's big-endian number with the top bit set; `nil` for a negative number or one beyond Int64.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            var value: Int64 = 0
            for byte in field.dropFirst() {
                guard value < 1 << 55 else { return nil }
                value = value << 8 | Int64(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        return digits.isEmpty
            ? 0 : Int64(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
}
