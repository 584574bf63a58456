/// The bytes of a recipe under the name by which messages call it, with an index of its lines.
package struct RecipeSource: Hashable, Sendable {
    /// A place as people count it: both numbers start at 1, columns count characters.
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

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for index in bytes.indices where bytes[index] == .newline { starts.append(index + 1) }
        lineStarts = starts
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
        let before = bytes[start..<min(max(offset, start), bytes.count)]
        // A line may have millions of characters, and messages about many of them; most are of one byte each.
        let isPlain = before.withUnsafeBufferPointer { $0.allSatisfy { $0 < 0x80 && $0 != .carriageReturn } }
        let characters = isPlain ? before.count : String(decoding: before, as: UTF8.self).count
        return Position(line: line + 1, column: characters + 1)
    }
}
