/// The sums of a tar's headers, which no input made by chance would have right.
enum TarSums {
    private static let block = 512
    private static let sizeField = 124..<136
    private static let sumField = 148..<156
    /// gzip, zstd, xz, bzip2.
    private static let compressed: [[UInt8]] = [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFD, 0x37], [0x42, 0x5A]]

    /// The same tar with right sums, as far as its headers can be found.
    static func righted(_ tar: [UInt8]) -> [UInt8] {
        guard !compressed.contains(where: tar.starts) else { return tar }
        var tar = tar
        var start = 0
        while tar.count - start >= block {
            let header = start..<start + block
            if tar[header].contains(where: { $0 != 0 }) { right(&tar, at: start) }
            let digits = tar[start + sizeField.lowerBound..<start + sizeField.upperBound].prefix { $0 & 0xF8 == 0x30 }
            let size = digits.reduce(0) { min($0 << 3 | Int($1 & 7), tar.count) }
            start += block + (size + block - 1) / block * block
        }
        return tar
    }

    private static func right(_ tar: inout [UInt8], at start: Int) {
        for index in sumField { tar[start + index] = 0x20 }
        let sum = tar[start..<start + block].reduce(0) { $0 + Int($1) }
        for place in 0..<6 { tar[start + sumField.lowerBound + place] = 0x30 | UInt8(sum >> (3 * (5 - place)) & 7) }
        tar[start + sumField.lowerBound + 6] = 0
    }
}
