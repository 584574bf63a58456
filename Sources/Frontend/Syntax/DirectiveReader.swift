/// Recognises directives while lines are read: the first line that is none ends them for good.
struct DirectiveReader {
    private var isFinished = false
    private var seen: Set<String> = []

    /// Whether the line, white space at its start left out, is a directive; what it says goes into `directives`.
    mutating func read(
        _ line: Range<Int>, of source: RecipeSource, into directives: inout Directives
    ) throws(Diagnostic) -> Bool {
        guard !isFinished else { return false }
        guard let setting = DirectiveSetting(line, of: source, after: "#") else {
            isFinished = true
            return false
        }
        guard seen.insert(setting.name).inserted else {
            throw Diagnostic(
                .error, "duplicate-directive", "the directive `\(setting.name)` is given twice",
                at: SourceSpan(line.lowerBound, line.upperBound), hint: "remove one of the two lines")
        }
        switch setting.name {
        case "syntax": directives.syntax = setting.value
        // What it says has been read before, by rules of its own.
        case "check": break
        default: directives.escape = Located(try escape(setting.value), at: setting.value.span)
        }
        return true
    }

    private func escape(_ value: Located<String>) throws(Diagnostic) -> EscapeCharacter {
        guard value.value.utf8.count == 1, let byte = value.value.utf8.first,
            let escape = EscapeCharacter(rawValue: byte)
        else {
            throw Diagnostic(
                .error, "bad-escape-directive", "`\(value.value)` cannot be the escape character", at: value.span,
                hint: "only \\ and ` can")
        }
        return escape
    }
}

/// `name = value` behind a comment sign, if the name is that of a directive.
struct DirectiveSetting {
    static let names = ["syntax", "escape", "check"]

    let name: String
    let value: Located<String>

    init?(_ line: Range<Int>, of source: RecipeSource, after sign: String) {
        let bytes = source.bytes
        guard bytes[line].starts(with: sign.utf8) else { return nil }
        let text = bytes.trimmed(line.lowerBound + sign.utf8.count..<line.upperBound)
        let typed = bytes[text].prefix { $0.isLetter || $0.isDigit }
        let rest = bytes[typed.endIndex..<text.upperBound].drop { $0.isBlank }
        guard rest.first == .equals else { return nil }
        let value = bytes[rest.startIndex + 1..<text.upperBound].drop { $0.isBlank }
        name = String(decoding: typed, as: UTF8.self).lowercased()
        guard Self.names.contains(name), !value.isEmpty else { return nil }
        self.value = Located(
            String(decoding: value, as: UTF8.self), at: SourceSpan(value.startIndex, text.upperBound))
    }
}

extension DirectiveSetting {
    /// The value that a directive has for those who look for it alone, as docker does for `syntax` and `check`: also
    /// below a first line that begins with `#!`, but not behind white space.
    static func first(_ name: String, in source: RecipeSource, after sign: String) -> Located<String>? {
        var start = firstByte(of: source)
        var line = 0
        if source.bytes[start...].starts(with: "#!".utf8) {
            line = 1
            start = line < source.lineStarts.count ? source.lineStarts[line] : source.bytes.count
        }
        for line in line..<source.lineStarts.count {
            let bounds = source.bounds(ofLine: line)
            let range = max(bounds.lowerBound, min(start, bounds.upperBound))..<bounds.upperBound
            guard let setting = DirectiveSetting(range, of: source, after: sign) else { return nil }
            if setting.name == name { return setting.value }
        }
        return nil
    }

    /// Where the text begins, the mark that some editors put in front of it left out.
    static func firstByte(of source: RecipeSource) -> Int { source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}
