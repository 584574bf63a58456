/// Replaces the live lines on a terminal by others, in place.
struct LiveFrame: Sendable {
    private static let hideCursor = "\u{1B}[?25l"
    static let showCursor = "\u{1B}[?25h"
    private static let eraseLine = "\u{1B}[K"
    private static let eraseBelow = "\u{1B}[J"

    /// The widths of the live lines on the screen; `nil` before the first.
    private var drawn: [Int]?

    /// What to write so that the settled lines stand above, to stay, and the live ones below.
    ///
    /// `columns` is the terminal's width now: lines that were drawn on a wider one have wrapped.
    mutating func replace(settled: [String], live: [String], columns: Int) -> String {
        let text = (drawn == nil ? Self.hideCursor : "") + start(columns) + Self.text(settled + live) + Self.eraseBelow
        drawn = live.map(ScreenText.width)
        return text
    }

    mutating func close(settled: [String], columns: Int) -> String {
        guard drawn != nil else { return settled.map { "\($0)\n" }.joined() }
        defer { drawn = nil }
        return start(columns) + Self.text(settled) + Self.eraseBelow + Self.showCursor
    }

    private static func text(_ lines: [String]) -> String { lines.map { "\($0)\(eraseLine)\n" }.joined() }

    /// Back to where the live lines begin.
    private func start(_ columns: Int) -> String {
        let rows = (drawn ?? []).reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
        return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
    }
}
