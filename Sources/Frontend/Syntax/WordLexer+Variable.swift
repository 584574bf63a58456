extension WordLexer {
    /// What a `$` begins: `$name`, `${name…}`, or nothing but itself.
    mutating func variable(protection: WordSegment.Protection) throws(Diagnostic) -> WordSegment {
        let start = position
        position += 1
        let content: WordSegment.Content
        if position < bytes.count, bytes[position] == UInt8(ascii: "{") {
            position += 1
            content = try braced(opening: start)
        } else {
            let name = name()
            content = name.isEmpty ? .literal([.dollar]) : .variable(name: name)
        }
        return WordSegment(content: content, protection: protection, range: start..<position)
    }

    private mutating func braced(opening: Int) throws(Diagnostic) -> WordSegment.Content {
        guard position < bytes.count else { throw unterminatedSubstitution(at: opening) }
        if [UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ":")].contains(bytes[position]) {
            throw badSubstitution("`${` must be followed by a name", opening..<position + 1)
        }
        let name = name()
        guard let first = take() else { throw unterminatedSubstitution(at: opening) }
        switch first {
        case UInt8(ascii: "}"): return .variable(name: name)
        case UInt8(ascii: "/"): return .substitution(try replacement(of: name, opening: opening))
        case UInt8(ascii: ":"):
            guard let modifier = take() else { throw unterminatedSubstitution(at: opening) }
            return .substitution(try modified(name, by: modifier, colon: true, opening: opening))
        default: return .substitution(try modified(name, by: first, colon: false, opening: opening))
        }
    }

    private mutating func modified(
        _ name: String, by modifier: UInt8, colon: Bool, opening: Int
    ) throws(Diagnostic) -> Substitution {
        let isPattern = modifier == .hash || modifier == UInt8(ascii: "%")
        let known = isPattern ? !colon : [.dash, UInt8(ascii: "+"), UInt8(ascii: "?")].contains(modifier)
        guard known else {
            let start = position - (colon ? 2 : 1)
            let end = position - 1 + bytes.scalar(at: position - 1).width
            let typed = String(decoding: bytes[start..<end], as: UTF8.self)
            throw badSubstitution("`\(typed)` cannot follow a variable's name", start..<end)
        }
        let word = try segments(until: UInt8(ascii: "}"), keepingEscapes: isPattern, opening: opening)
        let operation: Substitution.Operation =
            switch modifier {
            case .dash: .fallback(word)
            case UInt8(ascii: "+"): .alternative(word)
            case UInt8(ascii: "?"): .required(message: word)
            case .hash: .withoutPrefix(word)
            default: .withoutSuffix(word)
            }
        return Substitution(name: name, operation: operation, emptyIsUnset: colon)
    }

    private mutating func replacement(of name: String, opening: Int) throws(Diagnostic) -> Substitution {
        let everywhere = position < bytes.count && bytes[position] == UInt8(ascii: "/")
        if everywhere { position += 1 }
        let pattern = try segments(until: UInt8(ascii: "/"), keepingEscapes: true, opening: opening)
        let text = try segments(until: UInt8(ascii: "}"), keepingEscapes: true, opening: opening)
        let operation = Substitution.Operation.replacing(pattern, by: text, everywhere: everywhere)
        return Substitution(name: name, operation: operation, emptyIsUnset: false)
    }

    private mutating func take() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Letters, digits and underscores; or digits alone; or one of the shell's special parameters, which are never set.
    private mutating func name() -> String {
        let start = position
        guard start < bytes.count else { return "" }
        if "@*#?-$!".utf8.contains(bytes[start]) {
            position += 1
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        let onlyDigits = Self.isDigit(bytes.scalar(at: start).value)
        while position < bytes.count {
            let (scalar, width) = bytes.scalar(at: position)
            guard Self.isDigit(scalar) || !onlyDigits && (scalar == "_" || Self.isLetter(scalar)) else { break }
            position += width
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        let letters: [Unicode.GeneralCategory] = [
            .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        ]
        return letters.contains(scalar.properties.generalCategory)
    }
}

extension WordLexer {
    func unterminatedQuote(_ quote: String, _ start: Int) -> Diagnostic {
        Diagnostic(
            .error, "unterminated-quote", "this quote is never closed", at: origin.span(start..<start + 1),
            hint: "close it with `\(quote)`, or put an escape character before it")
    }

    func unterminatedSubstitution(at opening: Int) -> Diagnostic {
        Diagnostic(
            .error, "bad-substitution", "this `${` is never closed",
            at: origin.span(opening..<min(opening + 2, bytes.count)), hint: "close it with `}`")
    }

    func badSubstitution(_ message: String, _ range: Range<Int>) -> Diagnostic {
        Diagnostic(
            .error, "bad-substitution", message, at: origin.span(range.clamped(to: 0..<bytes.count)),
            hint: "write `${name}`, or `${name` with one of :- - :+ + :? ? # ## % %% / // and a word, then `}`")
    }

    func tooDeep(at opening: Int) -> Diagnostic {
        Diagnostic(
            .error, "expansion-too-deep", "variables are nested deeper than \(Expansion.maximumDepth) levels",
            at: origin.span(opening..<min(opening + 2, bytes.count)))
    }
}
