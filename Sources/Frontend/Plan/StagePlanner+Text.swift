extension StagePlanner {
    /// The instruction on one line, variables replaced and quotes taken away.
    func shownText(_ parsed: ParsedInstruction) -> String {
        let word = Word(parsed.text, escape: escape)
        let text = (try? word.expanded(in: state.fold.variables)) ?? parsed.text
        return Self.withKeyword(parsed.keyword, text)
    }

    /// The same for RUN: the line stays as it is written but for variables that have a value.
    func shownRunText(_ parsed: ParsedInstruction, _ variables: Variables) -> String {
        let bytes = Array(parsed.text.utf8)
        let word = Word(parsed.text, escape: escape)
        var lexer = WordLexer(bytes, style: word.style, origin: word.origin)
        guard let segments = try? lexer.segments() else { return Self.withKeyword(parsed.keyword, parsed.text) }

        var (shown, copied) = ([UInt8](), 0)
        var expander = Expander(variables, origin: word.origin)
        for segment in segments {
            guard let name = segment.variable, variables[name] != nil,
                let value = try? expander.bytes(of: segment, after: shown.count)
            else { continue }
            shown += bytes[copied..<segment.range.lowerBound] + value
            copied = segment.range.upperBound
        }
        return Self.withKeyword(parsed.keyword, String(decoding: shown + bytes[copied...], as: UTF8.self))
    }

    private static func withKeyword(_ keyword: Keyword, _ text: String) -> String {
        let rest = text.drop { !$0.isWhitespace }
        return keyword.rawValue + rest
    }
}

extension WordSegment {
    /// The variable that the segment stands for, if it does.
    fileprivate var variable: String? {
        switch content {
        case .literal: nil
        case .variable(let name): name
        case .substitution(let substitution): substitution.name
        }
    }
}
