/// Text of an instruction in which variables, quotes and escapes are still to be replaced.
package struct Word: Hashable, Sendable {
    /// Which characters mean something.
    package enum Style: Hashable, Sendable {
        /// Quotes, variables and the recipe's escape character.
        case argument(escape: EscapeCharacter)
        /// Variables and backslashes, as in the body of an unquoted heredoc.
        case document
    }

    /// As written, continuations already joined.
    package let text: String
    package let style: Style
    let origin: Origin

    init(_ bytes: some Sequence<UInt8>, style: Style, origin: Origin) {
        text = String(decoding: Array(bytes), as: UTF8.self)
        self.style = style
        self.origin = origin
    }

    /// A word that stands in no recipe, such as a value from the command line.
    package init(_ text: String, escape: EscapeCharacter = .backslash, at span: SourceSpan = SourceSpan(0, 0)) {
        self.text = text
        style = .argument(escape: escape)
        var origin = Origin()
        origin.append(text: 0, source: span.start, length: span.end - span.start)
        self.origin = origin
    }

    package var span: SourceSpan { SourceSpan(origin.source(at: 0), origin.end) }

    /// The text with its place.
    package var located: Located<String> { Located(text, at: span) }
}

extension Word {
    /// The part of the text that these bytes are.
    func slice(_ range: Range<Int>) -> Word {
        Word(Array(text.utf8)[range], style: style, origin: origin.slice(range))
    }

    /// Without white space at either end.
    var trimmed: Word {
        let bytes = Array(text.utf8)
        let range = bytes.trimmed(0..<bytes.count)
        return range.count == bytes.count ? self : slice(range)
    }
}
