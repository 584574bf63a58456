import OCI

/// One `name=value` of ENV or LABEL.
package struct Binding: Hashable, Sendable {
    package let name: Word
    package let value: Word
    /// Written `ENV name value`, without the equals sign.
    package let isLegacy: Bool
}

/// One `name[=value]` of ARG.
package struct Argument: Hashable, Sendable {
    package let name: Located<String>
    /// `nil` without an equals sign: the argument has no default.
    package let value: Word?
    /// What the comment above says about the argument.
    package let description: String?
}

extension Binding {
    /// `name=value…`, or the old form `name value` in which everything behind the name is one value.
    static func all(in request: InstructionRequest, of keyword: Keyword) throws(Diagnostic) -> [Binding] {
        try request.refuseFlags(keyword)
        let pairs = try pairs(in: request, of: keyword)
        guard !pairs.isEmpty else {
            throw request.missingArgument(keyword, "\(keyword.rawValue) needs a name and a value")
        }
        for pair in pairs where pair.name.text.isEmpty {
            throw Diagnostic(
                .error, "empty-name", "\(keyword.rawValue) needs a name before the `=`", at: pair.value.span,
                hint: keyword.usage)
        }
        return pairs
    }

    /// The pairs as they are written; names may still be empty.
    static func pairs(in request: InstructionRequest, of keyword: Keyword) throws(Diagnostic) -> [Binding] {
        let line = request.line
        let words = line.quotedWords(request.arguments)
        guard let first = words.first else { return [] }
        guard line.bytes[first].contains(.equals) else { return [try legacy(in: request, of: keyword)] }
        return try words.map { word throws(Diagnostic) in
            guard let equals = line.bytes[word].firstIndex(of: .equals) else {
                throw Diagnostic(
                    .error, "missing-equals", "`\(line.text(word))` has no `=`", at: line.origin.span(word),
                    hint: "write `name=value`; put a value with blanks in quotes")
            }
            return Binding(
                name: line.word(word.lowerBound..<equals), value: line.word(equals + 1..<word.upperBound),
                isLegacy: false)
        }
    }

    private static func legacy(in request: InstructionRequest, of keyword: Keyword) throws(Diagnostic) -> Binding {
        let line = request.line
        let arguments = request.arguments
        guard let end = line.bytes[arguments].firstIndex(where: \.isBlank) else {
            throw Diagnostic(
                .error, "missing-argument", "\(keyword.rawValue) needs a value for `\(line.text(arguments))`",
                at: line.origin.span(arguments), hint: "write `\(keyword.rawValue) \(line.text(arguments))=value`")
        }
        let start = line.bytes[end..<arguments.upperBound].firstIndex { !$0.isBlank } ?? arguments.upperBound
        return Binding(
            name: line.word(arguments.lowerBound..<end), value: line.word(start..<arguments.upperBound), isLegacy: true)
    }
}

extension Argument {
    static func all(in request: InstructionRequest) throws(Diagnostic) -> [Argument] {
        let line = request.line
        let words = line.quotedWords(request.arguments)
        guard !words.isEmpty else { throw request.missingArgument(.arg, "ARG needs a name") }
        let descriptions = line.descriptions()
        return try words.map { word throws(Diagnostic) in
            let equals = line.bytes[word].firstIndex(of: .equals)
            let name = word.lowerBound..<(equals ?? word.upperBound)
            guard !name.isEmpty else {
                throw Diagnostic(
                    .error, "empty-name", "ARG needs a name before the `=`", at: line.origin.span(word),
                    hint: Keyword.arg.usage)
            }
            return Argument(
                name: line.located(name), value: equals.map { line.word($0 + 1..<word.upperBound) },
                description: descriptions[line.text(name)])
        }
    }
}

extension LogicalLine {
    /// The parts of `range` between white space that stands neither in quotes nor behind an escape.
    ///
    /// Quotes and escapes stay in the words; an escape character at the very end is dropped.
    func quotedWords(_ range: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var quote: UInt8?
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            let (scalar, width) = bytes.scalar(at: position)
            if quote == nil, scalar.properties.isWhitespace {
                if let first = start { words.append(first..<position) }
                start = nil
                position += width
                continue
            }
            start = start ?? position
            if byte == escape.rawValue, quote != .singleQuote {
                guard position + 1 < range.upperBound else { break }
                position += 1 + bytes.scalar(at: position + 1).width
                continue
            }
            if byte == quote {
                quote = nil
            } else if quote == nil, byte == .singleQuote || byte == .doubleQuote {
                quote = byte
            }
            position += width
        }
        position = min(position, range.upperBound)
        if let first = start, first < position { words.append(first..<position) }
        return words
    }
}
