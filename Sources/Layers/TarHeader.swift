/// One block of a tar that describes a member (POSIX ustar, GNU's variant, star's, and the one before all of them).
struct TarHeader {
    static let size = 512

    private let block: [UInt8]

    /// `nil` if the sum over the block is wrong, which it is for everything that is no header.
    init?(_ block: [UInt8]) {
        guard block.count == Self.size else { return nil }
        self.block = block
        guard let sum = number(148, 8) else { return nil }
        // Some writers added up signed bytes. The field of the sum itself counts as blanks.
        var (unsigned, high): (Int64, Int64) = (8 * 32, 0)
        block.withUnsafeBufferPointer { block in
            for index in 0..<Self.size where index < 148 || index >= 156 {
                unsigned += Int64(block[index])
                high += Int64(block[index] >> 7)
            }
        }
        let signed = unsigned - 256 * high
        guard sum == unsigned || sum == signed else { return nil }
    }

    var type: UInt8 { block[156] }

    var name: [UInt8] {
        let name = text(0, 100)
        guard block[257..<263].elementsEqual("ustar\0".utf8) else { return name }
        let prefix = text(345, block[508..<512].elementsEqual("tar\0".utf8) ? 131 : 155)
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    var linkTarget: [UInt8] { text(157, 100) }

    // Numbers; `nil` for what is none, or none that fits.
    var mode: Int64? { number(100, 8) }
    var owner: Int64? { number(108, 8) }
    var group: Int64? { number(116, 8) }
    var contentsSize: Int64? { number(124, 12) }
    var modified: Int64? { number(136, 12) }
    var major: Int64? { number(329, 8) }
    var minor: Int64? { number(337, 8) }

    /// GNU's old form of a sparse file: up to four extents here and more in the blocks that follow.
    var sparseExtents: SparseBlock { SparseBlock(block, at: 386, count: 4, more: 482) }
    var sparseSize: Int64? { number(483, 12) }

    private func text(_ offset: Int, _ count: Int) -> [UInt8] {
        Array(block[offset..<(offset + count)].prefix { $0 != 0 })
    }

    private func number(_ offset: Int, _ count: Int) -> Int64? { Self.number(block[offset..<(offset + count)]) }

    /// Octal digits between blanks, or GNU's big-endian two's complement with the top bit set.
    static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 { return binary(field, isNegative: first & 0x40 != 0) }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        var value: Int64 = 0
        for digit in digits {
            guard (48...55).contains(digit), value < 1 << 60 else { return nil }
            value = value << 3 | Int64(digit - 48)
        }
        return value
    }

    private static func binary(_ field: ArraySlice<UInt8>, isNegative: Bool) -> Int64? {
        var value: Int64 = isNegative ? -1 : 0
        for (index, byte) in field.enumerated() {
            // The first bit only marks the form.
            let byte = index == 0 ? (isNegative ? byte | 0x80 : byte & 0x7F) : byte
            guard value >= -(1 << 54), value < 1 << 54 else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }
}

/// Extents as GNU's old headers list them.
struct SparseBlock {
    let extents: [(offset: Int64?, length: Int64?)]
    let isContinued: Bool

    /// The slots of a block up to the first empty one; `more` is the place of the flag that another block follows.
    init(_ block: [UInt8], at start: Int, count: Int, more: Int) {
        var extents: [(offset: Int64?, length: Int64?)] = []
        for slot in 0..<count {
            let offset = start + slot * 24
            if block[offset] == 0 { break }
            extents.append(
                (
                    TarHeader.number(block[offset..<(offset + 12)]),
                    TarHeader.number(block[(offset + 12)..<(offset + 24)])
                ))
        }
        self.extents = extents
        isContinued = block[more] != 0
    }
}
