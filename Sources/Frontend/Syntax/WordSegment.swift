/// A part of a word, once quotes and escapes have been read.
struct WordSegment: Hashable, Sendable {
    /// How the part was protected in the recipe.
    enum Protection: Hashable, Sendable {
        case none
        case escape
        case quotes
    }

    /// What the part stands for.
    indirect enum Content: Hashable, Sendable {
        case literal([UInt8])
        case variable(name: String)
        case substitution(Substitution)
    }

    let content: Content
    let protection: Protection
    /// Where the part stands in the word.
    let range: Range<Int>
}

/// `${name…}` with something after the name.
struct Substitution: Hashable, Sendable {
    /// What is done with the value.
    enum Operation: Hashable, Sendable {
        case fallback([WordSegment])
        case alternative([WordSegment])
        case required(message: [WordSegment])
        case withoutPrefix([WordSegment])
        case withoutSuffix([WordSegment])
        case replacing([WordSegment], by: [WordSegment], everywhere: Bool)
    }

    let name: String
    let operation: Operation
    /// Written with a colon: an empty value counts as none.
    let emptyIsUnset: Bool
}
