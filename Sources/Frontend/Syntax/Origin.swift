/// Where the bytes of a text stand in the recipe.
///
/// Continuations, comments and escapes take bytes away, so a text is a sequence of runs; within a run text and recipe
/// advance together.
struct Origin: Hashable, Sendable {
    /// From `text` on, byte for byte, the text stands in the recipe from `source` on.
    struct Run: Hashable, Sendable {
        let text: Int
        let source: Int
    }

    private(set) var runs: [Run]
    /// Where the text ends in the recipe.
    private(set) var end: Int

    init(at source: Int = 0) {
        runs = [Run(text: 0, source: source)]
        end = source
    }

    /// The bytes of the text from `text` on, up to `length` bytes, come from `source`.
    mutating func append(text: Int, source: Int, length: Int) {
        end = source + length
        if let last = runs.last {
            if last.text == text { runs.removeLast() } else if source - last.source == text - last.text { return }
        }
        runs.append(Run(text: text, source: source))
    }

    /// The place of the byte at `offset`.
    func source(at offset: Int) -> Int {
        let run = runs[run(at: offset)]
        return min(end, run.source + max(0, offset - run.text))
    }

    /// The run that holds the byte at `offset`.
    private func run(at offset: Int) -> Int {
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].text <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The place of a range of the text.
    func span(_ range: Range<Int>) -> SourceSpan {
        let start = source(at: range.lowerBound)
        guard !range.isEmpty else { return SourceSpan(start, start) }
        return SourceSpan(start, min(end, source(at: range.upperBound - 1) + 1))
    }

    /// The origin of a part of the text, counted from the part's start.
    func slice(_ range: Range<Int>) -> Origin {
        var slice = Origin(at: source(at: range.lowerBound))
        for run in runs[(run(at: range.lowerBound) + 1)...].prefix(while: { $0.text < range.upperBound }) {
            slice.runs.append(Run(text: run.text - range.lowerBound, source: run.source))
        }
        slice.end = span(range).end
        return slice
    }
}
