/// The bytes of a recipe under the name by which messages call it, with an index of its lines.
package struct RecipeSource: Hashable, Sendable {
    /// A place as people count it: both numbers start at 1, columns count code points.
    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }

    /// Larger recipes are refused before they are read.
    package static let maximumSize = 16 << 20

    package let name: String
    package let bytes: [UInt8]
    /// Offset of the first byte of every line; never empty.
    let lineStarts: [Int]
    /// How many code points begin before each ``stride``-th byte: a line may have millions of them, and messages about many.
    private let codePoints: [Int]
    private static let stride = 4096

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var (starts, counts, count) = ([0], [0], 0)
        for (index, byte) in bytes.enumerated() {
            if byte == .newline { starts.append(index + 1) }
            if byte.beginsCodePoint { count += 1 }
            if (index + 1).isMultiple(of: Self.stride) { counts.append(count) }
        }
        lineStarts = starts
        codePoints = counts
    }

    package init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

    /// The number of the line, counted from 0, that holds this offset.
    package func line(at offset: Int) -> Int {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line, counted from 0, without its line ending.
    package func bounds(ofLine line: Int) -> Range<Int> {
        let start = lineStarts[line]
        var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
        while end > start, bytes[end - 1] == .carriageReturn { end -= 1 }
        return start..<end
    }

    package func position(at offset: Int) -> Position {
        let line = line(at: offset)
        let start = lineStarts[line]
        let end = min(max(offset, start), bytes.count)
        return Position(line: line + 1, column: codePoints(before: end) - codePoints(before: start) + 1)
    }

    private func codePoints(before offset: Int) -> Int {
        let (mark, rest) = offset.quotientAndRemainder(dividingBy: Self.stride)
        return codePoints[mark] + bytes[(offset - rest)..<offset].count { $0.beginsCodePoint }
    }
}

extension UInt8 {
    /// True of every byte but those that go on with a character of UTF-8.
    fileprivate var beginsCodePoint: Bool { self & 0xC0 != 0x80 }
}
