/// Cuts text into words at white space, except where it was protected.
struct WordSplitter {
    private(set) var text: [UInt8] = []
    private var words: [[UInt8]] = []
    private var word: [UInt8] = []

    mutating func append(_ bytes: [UInt8], splitting: Bool) {
        text += bytes
        guard splitting else {
            word += bytes
            return
        }
        var position = 0
        while position < bytes.count {
            let (scalar, width) = bytes.scalar(at: position)
            if scalar.properties.isWhitespace { flush() } else { word += bytes[position..<position + width] }
            position += width
        }
    }

    private mutating func flush() {
        guard !word.isEmpty else { return }
        words.append(word)
        word = []
    }

    mutating func finished() -> [[UInt8]] {
        flush()
        return words
    }
}
