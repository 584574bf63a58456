import Frontend
import Glibc
import Linux

/// Whether to colour text.
enum Style {
    /// Colours on a terminal that has some, unless the reader wants none (no-color.org).
    static var ofStandardError: DiagnosticRenderer.Style {
        style(isTerminal: Terminal(STDERR_FILENO) != nil, variable: Surroundings.variable)
    }

    /// True for a terminal that draws in place.
    static func movesCursor(isTerminal: Bool, variable: (String) -> String?) -> Bool {
        isTerminal && variable("TERM") != "dumb"
    }

    static func style(isTerminal: Bool, variable: (String) -> String?) -> DiagnosticRenderer.Style {
        let isUnwanted = !(variable("NO_COLOR") ?? "").isEmpty
        return movesCursor(isTerminal: isTerminal, variable: variable) && !isUnwanted ? .ansi : .plain
    }
}
