extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let tab = UInt8(ascii: "\t")
    static let space = UInt8(ascii: " ")
    static let hash = UInt8(ascii: "#")
    static let dollar = UInt8(ascii: "$")
    static let backslash = UInt8(ascii: "\\")
    static let singleQuote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")
    static let dash = UInt8(ascii: "-")
    static let equals = UInt8(ascii: "=")
    static let less = UInt8(ascii: "<")

    /// The white space that separates the words of an instruction.
    var isBlank: Bool { self == .space || (0x09...0x0D).contains(self) && self != .newline }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// The scalar that starts at `index` and how many bytes it takes; a byte that starts none is U+FFFD and takes one.
    func scalar(at index: Int) -> (value: Unicode.Scalar, width: Int) {
        let first = self[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        var decoder = UTF8()
        var bytes = self[index..<Swift.min(index + 4, endIndex)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return ("\u{FFFD}", 1) }
        return (scalar, UTF8.width(scalar))
    }

    /// How many bytes of white space, as Unicode has it, start at `index`; 0 if there is none.
    func whitespaceWidth(at index: Int) -> Int {
        let (scalar, width) = scalar(at: index)
        return scalar.properties.isWhitespace ? width : 0
    }

    /// The range without white space at either end.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        let start = leadingTrimmed(range)
        var end = range.upperBound
        while end > start {
            var last = end - 1
            while last > start, self[last] & 0xC0 == 0x80, end - last < 4 { last -= 1 }
            let width = whitespaceWidth(at: last)
            guard width > 0, last + width == end else { break }
            end = last
        }
        return start..<end
    }

    /// Where the range starts if white space at its start is left out.
    func leadingTrimmed(_ range: Range<Int>) -> Int {
        var start = range.lowerBound
        while start < range.upperBound {
            let width = whitespaceWidth(at: start)
            guard width > 0 else { break }
            start += width
        }
        return Swift.min(start, range.upperBound)
    }
}
