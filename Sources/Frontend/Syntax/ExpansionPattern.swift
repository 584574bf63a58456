/// A pattern of `${v#…}`, `${v%…}` and `${v/…/…}`: `*`, `?` and characters; neither wildcard crosses a line's end.
///
/// Matching follows every possibility at once, one step a character, so no pattern is slower than its length times the
/// length of the text.
struct ExpansionPattern {
    private enum Token {
        case any
        case star
        case exactly(Unicode.Scalar)
    }

    /// A backslash stands before what it may not stand before, or at the end.
    struct BadEscape: Error {}

    private var tokens: [Token] = []

    var count: Int { tokens.count }

    init(_ text: some Sequence<Unicode.Scalar>) throws(BadEscape) {
        var scalars = text.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "*": tokens.append(.star)
            case "?": tokens.append(.any)
            case "\\":
                guard let next = scalars.next(), ["*", "?", "\\", "}", "/"].contains(next) else {
                    throw BadEscape()
                }
                tokens.append(.exactly(next))
            default: tokens.append(.exactly(scalar))
            }
        }
    }

    /// How much of the start of `text` the pattern matches at most, or at least; `nil` if it does not match there.
    func prefixLength(of text: [Unicode.Scalar], longest: Bool) -> Int? {
        var states = [Bool](repeating: false, count: tokens.count + 1)
        var next = states
        enter(0, &states)
        var best: Int?
        for index in 0...text.count {
            if states[tokens.count] {
                best = index
                if !longest { return best }
            }
            guard index < text.count, states.contains(true) else { break }
            for state in next.indices { next[state] = false }
            for state in tokens.indices where states[state] { step(state, over: text[index], into: &next) }
            swap(&states, &next)
        }
        return best
    }

    /// The same from the end of `text`.
    func suffixLength(of text: [Unicode.Scalar], longest: Bool) -> Int? {
        var reversed = self
        reversed.tokens.reverse()
        return reversed.prefixLength(of: text.reversed(), longest: longest)
    }

    /// The leftmost match from `start` on, and of those the longest.
    func firstMatch(in text: [Unicode.Scalar], from start: Int) -> Range<Int>? {
        // For every state the smallest start by which it can be reached.
        let none = [Int](repeating: .max, count: tokens.count + 1)
        var starts = none
        var best: Range<Int>?
        for index in start...text.count {
            if best == nil { reach(0, from: index, &starts) }
            let finished = starts[tokens.count]
            if finished != .max, finished <= best?.lowerBound ?? .max { best = finished..<index }
            guard index < text.count else { break }
            var next = none
            var isAlive = false
            for state in tokens.indices where starts[state] <= best?.lowerBound ?? (.max - 1) {
                isAlive = advance(state, from: starts[state], over: text[index], into: &next) || isAlive
            }
            if !isAlive, best != nil { break }
            starts = next
        }
        return best
    }
}

extension ExpansionPattern {
    /// Marks a state, and those behind it that are reached without reading anything.
    private func enter(_ state: Int, _ states: inout [Bool]) {
        var state = state
        states[state] = true
        while state < tokens.count, case .star = tokens[state] {
            state += 1
            states[state] = true
        }
    }

    private func step(_ state: Int, over scalar: Unicode.Scalar, into next: inout [Bool]) {
        switch tokens[state] {
        case .star: if scalar != "\n" { enter(state, &next) }
        case .any: if scalar != "\n" { enter(state + 1, &next) }
        case .exactly(let expected): if scalar == expected { enter(state + 1, &next) }
        }
    }

    private func reach(_ state: Int, from start: Int, _ starts: inout [Int]) {
        var state = state
        starts[state] = min(starts[state], start)
        while state < tokens.count, case .star = tokens[state] {
            state += 1
            starts[state] = min(starts[state], start)
        }
    }

    private func advance(_ state: Int, from start: Int, over scalar: Unicode.Scalar, into next: inout [Int]) -> Bool {
        switch tokens[state] {
        case .star where scalar != "\n": reach(state, from: start, &next)
        case .any where scalar != "\n": reach(state + 1, from: start, &next)
        case .exactly(let expected) where expected == scalar: reach(state + 1, from: start, &next)
        case .star, .any, .exactly: return false
        }
        return true
    }
}
