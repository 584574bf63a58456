/// A pattern for file names: `*`, `?`, `[a-z]`, `\` before a character that stands for itself.
///
/// A name is bytes; what is UTF-8 in it is matched character by character, any other byte is a character of its own.
/// Matching takes time in proportion to name times pattern, whatever the pattern: all the ways through a pattern are
/// followed at once, none is tried again.
package struct GlobPattern: Hashable, Sendable {
    /// What `**` means.
    package enum Grammar: Hashable, Sendable {
        /// Go's `path.Match`, as the sources of COPY and ADD have it: `**` is `*`, and neither crosses a `/`.
        case name
        /// That of ignore files, `--exclude` and `--parents`: `**` crosses any number of folders, none included.
        case tree
    }

    let elements: [Element]
    /// The elements before the first that is not a plain character: what every match starts with.
    let literalPrefix: [UInt32]

    /// - Throws: a diagnostic without a place if a class is not closed or is empty, or if a `\` ends the pattern.
    package init(_ text: some Collection<UInt8>, grammar: Grammar = .name) throws(Diagnostic) {
        guard let elements = Self.parse(Self.characters(of: text), grammar) else {
            throw .malformedPattern(String(decoding: Array(text), as: UTF8.self))
        }
        self.elements = elements
        literalPrefix = elements.prefix { $0.literal != nil }.compactMap(\.literal)
    }

    package init(_ text: String, grammar: Grammar = .name) throws(Diagnostic) {
        try self.init(text.utf8, grammar: grammar)
    }

    /// True if a name is tested against a pattern at all: `*`, `?` or `[` without a `\` before it.
    @inlinable package static func hasWildcards(_ text: some Collection<UInt8>) -> Bool {
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if "*?[".utf8.contains(byte) {
                return true
            }
        }
        return false
    }

    package func matches(_ name: some Collection<UInt8>) -> Bool {
        matches(characters: Self.characters(of: name))
    }

    func matches(characters name: [UInt32]) -> Bool {
        guard name.starts(with: literalPrefix) else { return false }
        guard literalPrefix.count < elements.count else { return name.count == literalPrefix.count }
        return run(over: name)?.last ?? false
    }

    /// True if something that begins with `start` may match.
    func mayMatch(beginningWith start: [UInt32]) -> Bool {
        run(over: start) != nil
    }

    /// The places in the pattern that reading `name` can lead to; `nil` if there are none.
    private func run(over name: [UInt32]) -> [Bool]? {
        var places = [Bool](repeating: false, count: elements.count + 1)
        var next = places
        enter(0, &places)
        for character in name {
            var isAlive = false
            for index in next.indices { next[index] = false }
            for (index, element) in elements.enumerated() where places[index] {
                isAlive = step(element, at: index, over: character, &next) || isAlive
            }
            guard isAlive else { return nil }
            swap(&places, &next)
        }
        return places
    }

    /// Marks a place, and those behind it that are reached without reading anything.
    private func enter(_ index: Int, _ places: inout [Bool]) {
        var index = index
        places[index] = true
        while index < elements.count, elements[index].mayBeNothing {
            index += 1
            places[index] = true
        }
    }

    private func step(_ element: Element, at index: Int, over character: UInt32, _ next: inout [Bool]) -> Bool {
        switch element {
        case .character(let own):
            guard own == character else { return false }
            enter(index + 1, &next)
        case .anyInName:
            guard character != Self.slash else { return false }
            enter(index + 1, &next)
        case .class(let set):
            guard set.contains(character) else { return false }
            enter(index + 1, &next)
        case .star:
            guard character != Self.slash else { return false }
            enter(index, &next)
        case .folders:
            next[index] = true
            if character == Self.slash { enter(index + 1, &next) }
        case .rest:
            enter(index, &next)
        }
        return true
    }
}

extension GlobPattern {
    enum Element: Hashable, Sendable {
        case character(UInt32)
        /// `?`
        case anyInName
        case `class`(Class)
        /// `*`: anything within a name.
        case star
        /// `**/`: nothing, or anything that ends in a `/`.
        case folders
        /// `**` at the end: anything.
        case rest

        var literal: UInt32? {
            if case .character(let character) = self { character } else { nil }
        }

        var mayBeNothing: Bool {
            switch self {
            case .star, .folders, .rest: true
            case .character, .anyInName, .class: false
            }
        }
    }

    /// `[a-z]` and `[^a-z]`.
    struct Class: Hashable, Sendable {
        var isNegated = false
        var ranges: [ClosedRange<UInt32>] = []

        func contains(_ character: UInt32) -> Bool {
            ranges.contains { $0.contains(character) } != isNegated
        }
    }

    static var slash: UInt32 { 0x2F }
}

extension Diagnostic {
    static func malformedPattern(_ pattern: String, at span: SourceSpan? = nil) -> Diagnostic {
        Diagnostic(
            .error, "bad-pattern", "`\(pattern)` is not a pattern", at: span,
            hint: "a `[` needs its `]`, with something between, and `\\` a character behind it")
    }
}
