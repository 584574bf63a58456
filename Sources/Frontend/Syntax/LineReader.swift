/// Cuts a recipe into logical lines.
///
///     bytes → physical lines → directives, comments, LogicalLine
///
/// Heredoc bodies are read on demand, because only the parser knows whether an instruction has any.
struct LineReader {
    let source: RecipeSource
    private(set) var directives = Directives()
    private var directiveReader = DirectiveReader()
    private var nextLine = 0
    private var comments: [Located<String>] = []

    init(_ source: RecipeSource) {
        self.source = source
        directives.check = DirectiveSetting.first("check", in: source, after: "#")
    }

    /// The end of the last physical line read, without its line ending.
    private(set) var end = 0

    /// The next instruction's line; `nil` at the end of the recipe.
    mutating func next() throws(Diagnostic) -> LogicalLine? {
        while let physical = nextPhysicalLine() {
            let start = source.bytes.leadingTrimmed(physical)
            let content = start..<physical.upperBound
            if try directiveReader.read(content, of: source, into: &directives) { continue }
            if isComment(content) {
                note(physical)
                continue
            }
            let (range, continues) = strippingContinuation(content)
            if !continues, range.isEmpty { continue }
            var line = LogicalLine(escape: directives.escapeCharacter)
            append(range, to: &line)
            if continues { readContinuations(of: &line) }
            line.comments = comments
            comments = []
            return line
        }
        return nil
    }

    private mutating func readContinuations(of line: inout LogicalLine) {
        while let physical = nextPhysicalLine() {
            let start = source.bytes.leadingTrimmed(physical)
            if start == physical.upperBound {
                line.blankLines.append(SourceSpan(physical.lowerBound, physical.upperBound))
                continue
            }
            if source.bytes[start] == .hash { continue }
            let (range, continues) = strippingContinuation(physical)
            append(range, to: &line)
            if !continues { return }
        }
    }

    /// Reads the lines up to the one that is the heredoc's name, and nothing else.
    mutating func readBody(of heredoc: inout Heredoc) throws(Diagnostic) {
        let start = nextLine < source.lineStarts.count ? source.lineStarts[nextLine] : source.bytes.count
        let terminator = Array(heredoc.name.utf8)
        while nextLine < source.lineStarts.count {
            let lineStart = source.lineStarts[nextLine]
            guard let line = nextPhysicalLine() else { break }
            var candidate = source.bytes[line]
            if heredoc.stripsTabs { candidate = candidate.drop { $0 == .tab } }
            if candidate.elementsEqual(terminator) {
                heredoc.bytes = Array(source.bytes[start..<lineStart])
                heredoc.bodySpan = SourceSpan(start, lineStart)
                return
            }
        }
        throw Diagnostic(
            .error, "unterminated-heredoc", "no line ends the heredoc `\(heredoc.name)`", at: heredoc.span,
            hint: "end it with a line that is exactly `\(heredoc.name)`")
    }
}

extension LineReader {
    /// The next line of the file, without its line ending and without the mark that some editors put at the start.
    private mutating func nextPhysicalLine() -> Range<Int>? {
        guard nextLine < source.lineStarts.count, source.lineStarts[nextLine] < source.bytes.count else { return nil }
        var line = source.bounds(ofLine: nextLine)
        if nextLine == 0, source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { line = 3..<max(3, line.upperBound) }
        nextLine += 1
        end = line.upperBound
        return line
    }

    private func isComment(_ range: Range<Int>) -> Bool { !range.isEmpty && source.bytes[range.lowerBound] == .hash }

    /// Keeps a comment for the instruction below; an empty one begins a new paragraph.
    ///
    /// The first byte of the line is left out, whatever it is, as docker has it: an indented comment keeps its `#`, so it
    /// neither describes what follows nor sets anything for it.
    private mutating func note(_ range: Range<Int>) {
        let text = source.bytes.trimmed(range.lowerBound + 1..<range.upperBound)
        if text.isEmpty {
            comments = []
        } else {
            let comment = String(decoding: source.bytes[text], as: UTF8.self)
            comments.append(Located(comment, at: SourceSpan(text.lowerBound, text.upperBound)))
        }
    }

    /// The line without the escape character that continues it, if one does: the last but for blanks, and not doubled.
    private func strippingContinuation(_ range: Range<Int>) -> (Range<Int>, continues: Bool) {
        let bytes = source.bytes
        let escape = directives.escapeCharacter.rawValue
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == .space || bytes[end - 1] == .tab { end -= 1 }
        guard end > range.lowerBound, bytes[end - 1] == escape else { return (range, false) }
        guard end - 1 == range.lowerBound || bytes[end - 2] != escape else { return (range, false) }
        return (range.lowerBound..<end - 1, true)
    }

    private func append(_ range: Range<Int>, to line: inout LogicalLine) {
        line.origin.append(text: line.bytes.count, source: range.lowerBound, length: range.count)
        line.bytes += source.bytes[range]
    }
}
