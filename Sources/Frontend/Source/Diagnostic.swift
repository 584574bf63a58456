/// What to tell the author of a recipe, as data; `DiagnosticRenderer` makes sentences and carets of it.
package struct Diagnostic: Error, Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Hashable, Sendable {
        case error
        case warning
        case note
    }

    /// Something to add, perhaps about another place.
    package struct Note: Hashable, Sendable {
        package let message: String
        package let span: SourceSpan?

        package init(_ message: String, at span: SourceSpan? = nil) {
            self.message = message
            self.span = span
        }
    }

    package let severity: Severity
    /// A short stable name in kebab case; each has a page in the documentation.
    package let code: String
    /// One lower-case clause without a full stop.
    package let message: String
    package let span: SourceSpan?
    package let hint: String?
    package var notes: [Note]

    package init(
        _ severity: Severity, _ code: String, _ message: String, at span: SourceSpan? = nil, hint: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.notes = notes
    }

    /// The same finding told at another place: for text that stands in no recipe, such as a base image's trigger.
    package func moved(to span: SourceSpan, note: String) -> Diagnostic {
        let notes = notes.map { Note($0.message) } + [Note(note)]
        return Diagnostic(severity, code, message, at: span, hint: hint, notes: notes)
    }
}
