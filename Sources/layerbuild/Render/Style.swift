import Frontend
import Glibc
import Linux

/// Whether to colour text.
enum Style {
    /// Colours on a terminal that has some, unless the reader wants none (no-color.org).
    static var ofStandardError: DiagnosticRenderer.Style {
        style(isTerminal: Terminal(STDERR_FILENO) != nil) { name in getenv(name).map { String(cString: $0) } }
    }

    static func style(isTerminal: Bool, variable: (String) -> String?) -> DiagnosticRenderer.Style {
        let isUnwanted = !(variable("NO_COLOR") ?? "").isEmpty
        return isTerminal && !isUnwanted && variable("TERM") != "dumb" ? .ansi : .plain
    }
}
