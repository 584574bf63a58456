/// `key=value,key=value`: one line of CSV, in which quotes protect commas.
enum CommaSeparated {
    /// The fields, each with its place.
    static func fields(of word: Word) throws(Diagnostic) -> [Word] {
        let bytes = Array(word.text.utf8)
        guard !bytes.isEmpty else {
            throw Diagnostic(
                .error, "bad-list", "a comma-separated list cannot be empty", at: word.span,
                hint: "write what belongs there, or leave the flag out")
        }
        var fields: [Word] = []
        var start = 0
        while true {
            let isQuoted = start < bytes.count && bytes[start] == .doubleQuote
            let (field, end) = isQuoted ? try quoted(bytes, start, word) : try plain(bytes, start, word)
            fields.append(field)
            guard end < bytes.count else { return fields }
            start = end + 1
        }
    }

    private static func plain(_ bytes: [UInt8], _ start: Int, _ word: Word) throws(Diagnostic) -> (Word, end: Int) {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: ",")) ?? bytes.count
        if let quote = bytes[start..<end].firstIndex(of: .doubleQuote) { throw misplacedQuote(quote, word) }
        return (Word(bytes[start..<end], style: word.style, origin: word.origin.slice(start..<end)), end)
    }

    private static func quoted(_ bytes: [UInt8], _ start: Int, _ word: Word) throws(Diagnostic) -> (Word, end: Int) {
        var text: [UInt8] = []
        var origin = word.origin.slice(start + 1..<start + 1)
        var position = start + 1
        var isClosed = false
        while position < bytes.count {
            if bytes[position] == .doubleQuote {
                position += 1
                isClosed = position == bytes.count || bytes[position] != .doubleQuote
                if isClosed { break }
            }
            origin.append(text: text.count, source: word.origin.source(at: position), length: 1)
            text.append(bytes[position])
            position += 1
        }
        guard isClosed, position == bytes.count || bytes[position] == UInt8(ascii: ",") else {
            throw misplacedQuote(start, word)
        }
        return (Word(text, style: word.style, origin: origin), position)
    }

    private static func misplacedQuote(_ offset: Int, _ word: Word) -> Diagnostic {
        Diagnostic(
            .error, "bad-list", "quotes in a comma-separated list must enclose a whole field",
            at: word.origin.span(offset..<offset + 1))
    }
}
