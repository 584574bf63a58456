import OCI

/// `["exec", "form"]`: the arguments of an instruction as a JSON array of strings.
enum JSONForm {
    /// The strings, each with its place; `nil` if the text is no JSON array, which makes it a line of words.
    ///
    /// Bytes that are no UTF-8 do not make it one: they become U+FFFD, as Go has it.
    /// - Throws: if it is an array that holds something other than strings.
    static func strings(in range: Range<Int>, of line: LogicalLine) throws(Diagnostic) -> [Word]? {
        let range = line.bytes.leadingTrimmed(range)..<range.upperBound
        guard !range.isEmpty, line.bytes[range.lowerBound] == UInt8(ascii: "["),
            let value = try? JSONValue.parse(Array(line.text(range).utf8)), let elements = value.array
        else { return nil }
        let strings = elements.compactMap(\.string)
        guard strings.count == elements.count else {
            throw Diagnostic(
                .error, "json-not-strings", "a JSON form may hold strings only", at: line.origin.span(range),
                hint: "put quotation marks around numbers and other values")
        }
        return zip(strings, literals(in: range, of: line.bytes)).map { string, literal in
            var origin = Origin()
            let span = line.origin.span(literal)
            origin.append(text: 0, source: span.start, length: span.end - span.start)
            return Word(string.utf8, style: .argument(escape: line.escape), origin: origin)
        }
    }

    /// Where the strings stand in text that is known to be an array of them.
    private static func literals(in range: Range<Int>, of bytes: [UInt8]) -> [Range<Int>] {
        var literals: [Range<Int>] = []
        var start: Int?
        var position = range.lowerBound
        while position < range.upperBound {
            if bytes[position] == .backslash {
                position += 1
            } else if bytes[position] == .doubleQuote {
                if let opening = start {
                    literals.append(opening..<position + 1)
                    start = nil
                } else {
                    start = position
                }
            }
            position += 1
        }
        return literals
    }
}
