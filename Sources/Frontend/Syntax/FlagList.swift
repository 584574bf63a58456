/// The `--name=value` words that stand between an instruction's keyword and its arguments.
struct FlagList {
    /// One flag as written; quotes and escapes are already removed.
    struct Flag: Hashable {
        let name: String
        /// `nil` without an equals sign.
        let value: Word?
        let span: SourceSpan
        /// The place of `--name`.
        let nameSpan: SourceSpan
    }

    let flags: [Flag]
    /// What follows the flags, trimmed.
    let rest: Range<Int>

    /// Reads the flags at the start of `range`: the first other word ends them, and so does a bare `--`.
    init(in range: Range<Int>, of line: LogicalLine) {
        var flags: [Flag] = []
        var position = range.lowerBound
        while true {
            position = line.bytes[position..<range.upperBound].firstIndex { !$0.isBlank } ?? range.upperBound
            guard line.bytes[position..<range.upperBound].starts(with: "--".utf8) else { break }
            let start = position
            let unquoted = UnquotedWord(from: start, to: range.upperBound, of: line)
            position = unquoted.end
            if unquoted.bytes == [.dash, .dash] { break }
            flags.append(Flag(unquoted, in: start..<position, of: line))
        }
        self.flags = flags
        rest = line.bytes.trimmed(position..<range.upperBound)
    }
}

extension FlagList.Flag {
    fileprivate init(_ word: UnquotedWord, in range: Range<Int>, of line: LogicalLine) {
        let equals = word.bytes.firstIndex(of: .equals)
        let nameEnd = equals ?? word.bytes.count
        name = String(decoding: word.bytes[..<nameEnd].dropFirst(2), as: UTF8.self)
        span = line.origin.span(range)
        nameSpan = word.origin.span(0..<nameEnd)
        value = equals.map {
            let value = $0 + 1..<word.bytes.count
            return Word(
                word.bytes[value], style: .argument(escape: line.escape), origin: word.origin.slice(value))
        }
    }
}

/// A word from which quotes and escapes have been removed, and where each of its bytes came from.
private struct UnquotedWord {
    private(set) var bytes: [UInt8] = []
    private(set) var origin = Origin()
    /// Where the word ends in the line.
    private(set) var end: Int

    init(from start: Int, to limit: Int, of line: LogicalLine) {
        var quote: UInt8?
        end = start
        while end < limit {
            let byte = line.bytes[end]
            if byte == quote {
                quote = nil
            } else if quote == nil, byte == .singleQuote || byte == .doubleQuote {
                quote = byte
            } else if byte == line.escape.rawValue {
                end += 1
                if end < limit { append(line, at: end) }
            } else {
                if quote == nil, byte.isBlank { break }
                append(line, at: end)
            }
            end = min(end + 1, limit)
        }
        if bytes.isEmpty { origin.append(text: 0, source: line.origin.source(at: start), length: 0) }
    }

    private mutating func append(_ line: LogicalLine, at index: Int) {
        origin.append(text: bytes.count, source: line.origin.source(at: index), length: 1)
        bytes.append(line.bytes[index])
    }
}
