/// Text written in the recipe itself: `<<EOF`, the lines that follow, and `EOF`.
package struct Heredoc: Hashable, Sendable {
    /// The delimiter, its quotes and escapes removed: also the name of the file that COPY and ADD make.
    package let name: String
    /// The number before `<<`, if one stands there.
    package let fileDescriptor: Int?
    /// No part of the delimiter is quoted, so COPY and ADD replace variables in the body.
    package let expands: Bool
    /// `<<-`: tabs at the start of lines are not part of the text.
    package let stripsTabs: Bool
    /// The marker, from its number to the end of the delimiter.
    package let span: SourceSpan
    /// The lines between marker and terminator as they stand in the recipe, which may be no UTF-8.
    package internal(set) var bytes: [UInt8]
    package internal(set) var bodySpan: SourceSpan

    /// The lines as text.
    package var body: String { String(decoding: bytes, as: UTF8.self) }

    /// What the file or script holds: the body, without leading tabs if the marker asks for that.
    package var contents: [UInt8] {
        guard stripsTabs else { return bytes }
        var contents: [UInt8] = []
        var atLineStart = true
        for byte in bytes where !(atLineStart && byte == .tab) {
            contents.append(byte)
            atLineStart = byte == .newline
        }
        return contents
    }

    /// The same as text.
    package var content: String { String(decoding: contents, as: UTF8.self) }

    /// The content as a word, for those who replace variables in it.
    package var word: Word {
        var origin = Origin()
        origin.append(text: 0, source: bodySpan.start, length: bodySpan.end - bodySpan.start)
        return Word(contents, style: .document, origin: origin)
    }
}

extension [Heredoc] {
    /// The line that announces them with their bodies and terminators below it, as a shell reads them.
    func appended(to line: String) -> String {
        reduce(into: line) { text, heredoc in
            text += "\n"
            text += heredoc.body
            text += heredoc.name
        }
    }
}
