/// Finds `<<EOF` in a line.
///
/// Here the escape character is always the backslash, whatever the recipe's directive says: the shell reads these lines
/// too.
enum HeredocMarker {
    /// The heredocs that a line announces, in order; their bodies still empty.
    ///
    /// A line whose quotes or variables cannot be read announces none: it may be meant for another kind of shell.
    static func all(in line: LogicalLine) throws(Diagnostic) -> [Heredoc] {
        guard let segments = segments(line.bytes, line.origin) else { return [] }
        var heredocs: [Heredoc] = []
        for range in words(segments, of: line.bytes) {
            if let heredoc = try parse(range, of: line) { heredocs.append(heredoc) }
        }
        return heredocs
    }

    /// The heredoc that this part of the line is, if it is one as a whole.
    static func parse(_ range: Range<Int>, of line: LogicalLine) throws(Diagnostic) -> Heredoc? {
        let bytes = line.bytes[range]
        let digits = bytes.prefix(while: \.isDigit)
        var rest = bytes[digits.endIndex...]
        guard rest.starts(with: "<<".utf8) else { return nil }
        rest = rest.dropFirst(2)
        let stripsTabs = rest.first == .dash
        if stripsTabs { rest = rest.dropFirst() }
        rest = rest.drop { $0.isBlank || $0 == .newline }
        guard !rest.isEmpty, !rest.contains(.less) else { return nil }
        let origin = line.origin.slice(rest.startIndex..<rest.endIndex)
        var lexer = WordLexer(Array(rest), style: .argument(escape: .backslash), origin: origin)
        let segments = try lexer.segments()
        guard let name = delimiter(segments, Array(rest)) else { return nil }
        let span = line.origin.span(range)
        return Heredoc(
            name: name, fileDescriptor: Int(String(decoding: digits, as: UTF8.self)),
            expands: !segments.contains { $0.protection == .quotes }, stripsTabs: stripsTabs, span: span, bytes: [],
            bodySpan: SourceSpan(span.end, span.end))
    }

    /// The delimiter without quotes and escapes; variables stay as they are. `nil` if it is not exactly one word.
    private static func delimiter(_ segments: [WordSegment], _ bytes: [UInt8]) -> String? {
        var splitter = WordSplitter()
        for segment in segments {
            if case .literal(let literal) = segment.content {
                splitter.append(literal, splitting: segment.protection == .none)
            } else {
                splitter.append(Array(bytes[segment.range]), splitting: segment.protection == .none)
            }
        }
        let words = splitter.finished()
        guard words.count == 1, let word = words.first else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    private static func segments(_ bytes: [UInt8], _ origin: Origin) -> [WordSegment]? {
        var lexer = WordLexer(bytes, style: .argument(escape: .backslash), origin: origin)
        return try? lexer.segments()
    }

    /// The words of the line as they are written, with their quotes and escapes.
    private static func words(_ segments: [WordSegment], of bytes: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for segment in segments {
            guard segment.protection == .none else {
                start = start ?? segment.range.lowerBound
                continue
            }
            var position = segment.range.lowerBound
            while position < segment.range.upperBound {
                let (scalar, width) = bytes.scalar(at: position)
                if !scalar.properties.isWhitespace {
                    start = start ?? position
                } else if let first = start {
                    words.append(first..<position)
                    start = nil
                }
                position += width
            }
        }
        if let start { words.append(start..<bytes.count) }
        return words
    }
}
