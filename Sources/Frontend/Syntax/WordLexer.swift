/// Reads quotes, escapes and variables of one text: bytes → segments.
struct WordLexer {
    let bytes: [UInt8]
    let style: Word.Style
    let origin: Origin
    private let escape: UInt8
    var position = 0
    private var depth = 0

    init(_ bytes: [UInt8], style: Word.Style, origin: Origin) {
        self.bytes = bytes
        self.style = style
        self.origin = origin
        if case .argument(let character) = style { escape = character.rawValue } else { escape = .backslash }
    }

    /// The whole text as segments.
    mutating func segments() throws(Diagnostic) -> [WordSegment] {
        try segments(until: nil, keepingEscapes: false, opening: 0)
    }

    /// Segments up to an unprotected `stop`, which is consumed, or up to the end of the text if there is none to find.
    ///
    /// In patterns escapes are kept, since they mean something there too.
    mutating func segments(
        until stop: UInt8?, keepingEscapes: Bool, opening: Int
    ) throws(Diagnostic) -> [WordSegment] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Expansion.maximumDepth else { throw tooDeep(at: opening) }
        var found = SegmentList()
        while position < bytes.count {
            let start = position
            let byte = bytes[position]
            if byte == stop {
                position += 1
                return found.finished()
            }
            switch byte {
            case .dollar: found.append(try variable(protection: .none))
            case .less: skipHeredocMarker(into: &found)
            case escape: escaped(keeping: keepingEscapes, into: &found)
            case .singleQuote where style != .document: found.append(try singleQuoted())
            case .doubleQuote where style != .document: try doubleQuoted(keeping: keepingEscapes, into: &found)
            default:
                position += 1
                found.append(bytes[start..<position], .none, start..<position)
            }
        }
        guard stop == nil else { throw unterminatedSubstitution(at: opening) }
        return found.finished()
    }

    /// White space between `<<` and the delimiter does not separate them.
    private mutating func skipHeredocMarker(into found: inout SegmentList) {
        let start = position
        position += 1
        if position < bytes.count, bytes[position] == .less {
            position += 1
            while position < bytes.count, [.tab, .carriageReturn, .space].contains(bytes[position]) { position += 1 }
        }
        found.append(bytes[start..<position], .escape, start..<position)
    }

    private mutating func escaped(keeping: Bool, into found: inout SegmentList) {
        let start = position
        position += 1
        var text: ArraySlice<UInt8> = keeping ? bytes[start..<position] : []
        if position < bytes.count {
            let character = position..<position + bytes.scalar(at: position).width
            text += bytes[character]
            position = character.upperBound
        }
        found.append(text, .escape, start..<position)
    }

    private mutating func singleQuoted() throws(Diagnostic) -> WordSegment {
        let start = position
        guard let end = bytes[(start + 1)...].firstIndex(of: .singleQuote) else { throw unterminatedQuote("'", start) }
        position = end + 1
        return WordSegment(
            content: .literal(Array(bytes[start + 1..<end])), protection: .quotes, range: start..<position)
    }

    private mutating func doubleQuoted(keeping: Bool, into found: inout SegmentList) throws(Diagnostic) {
        let start = position
        position += 1
        found.append([], .quotes, start..<position)
        while position < bytes.count {
            let here = position
            switch bytes[position] {
            case .doubleQuote:
                position += 1
                found.append([], .quotes, here..<position)
                return
            case .dollar: found.append(try variable(protection: .quotes))
            case escape:
                position += 1
                guard position < bytes.count else { break }
                let next = bytes[position]
                if next == .doubleQuote || next == .dollar || next == escape {
                    position += 1
                    found.append(bytes[(keeping ? here : here + 1)..<position], .quotes, here..<position)
                } else {
                    let text = keeping ? [escape, escape] : [escape]
                    found.append(text[...], .quotes, here..<position)
                }
            default:
                position += 1
                found.append(bytes[here..<position], .quotes, here..<position)
            }
        }
        throw unterminatedQuote("\"", start)
    }
}

/// Segments as they are found; neighbouring literals of one protection become one.
private struct SegmentList {
    private var segments: [WordSegment] = []
    private var text: [UInt8] = []
    private var protection: WordSegment.Protection?
    private var range = 0..<0

    mutating func append(_ bytes: ArraySlice<UInt8>, _ protection: WordSegment.Protection, _ range: Range<Int>) {
        if self.protection == protection, self.range.upperBound == range.lowerBound {
            self.range = self.range.lowerBound..<range.upperBound
        } else {
            flush()
            (self.protection, self.range) = (protection, range)
        }
        text += bytes
    }

    mutating func append(_ segment: WordSegment) {
        flush()
        segments.append(segment)
    }

    private mutating func flush() {
        guard let protection else { return }
        segments.append(WordSegment(content: .literal(text), protection: protection, range: range))
        text = []
        self.protection = nil
    }

    mutating func finished() -> [WordSegment] {
        flush()
        return segments
    }
}
