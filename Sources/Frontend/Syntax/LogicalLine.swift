/// One instruction's line: continuations joined, comments between them left out.
struct LogicalLine {
    /// White space before the first line is left out, that before continuation lines is kept.
    var bytes: [UInt8] = []
    var origin = Origin()
    /// The comments above, without their `#`.
    var comments: [Located<String>] = []
    /// Blank lines within the instruction.
    var blankLines: [SourceSpan] = []
    let escape: EscapeCharacter

    var range: Range<Int> { 0..<bytes.count }

    func word(_ range: Range<Int>) -> Word {
        Word(bytes[range], style: .argument(escape: escape), origin: origin.slice(range))
    }

    func located(_ range: Range<Int>) -> Located<String> { Located(text(range), at: origin.span(range)) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The parts of `range` between runs of blanks.
    func split(_ range: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for index in range {
            if !bytes[index].isBlank {
                start = start ?? index
            } else if let first = start {
                words.append(first..<index)
                start = nil
            }
        }
        if let start { words.append(start..<range.upperBound) }
        return words
    }
}
