import Frontend

/// What the rules found, for people.
struct FindingText {
    /// As many are shown beside a build; the rest is counted.
    private static let limit = 10

    private let findings: [LintFinding]
    private let source: RecipeSource?

    init(_ findings: [LintFinding], in source: RecipeSource?) {
        self.findings = findings
        self.source = source
    }

    /// Each with its place, and how many there are.
    func full(_ style: DiagnosticRenderer.Style) -> String {
        let renderer = DiagnosticRenderer(style: style)
        let texts = findings.map { renderer.render($0.diagnostic, in: source) }
        return texts.joined(separator: "\n") + (texts.isEmpty ? "" : "\n") + "\(count)\n"
    }

    /// One line each, for builds, which have other things to show.
    func brief(_ style: DiagnosticRenderer.Style) -> String {
        guard !findings.isEmpty else { return "" }
        let renderer = DiagnosticRenderer(style: style)
        let shown = findings.prefix(Self.limit).map { finding in
            renderer.render(Diagnostic(finding.diagnostic, with: place(of: finding)), in: nil)
        }
        let rest = findings.count - shown.count
        let more = rest > 0 ? "and \(rest) more; " : ""
        return shown.joined() + "\(more)`layerbuild check` shows where\n"
    }

    private func place(of finding: LintFinding) -> String {
        guard let source else { return "" }
        return " (line \(source.position(at: finding.span.start).line))"
    }

    private var count: String {
        switch findings.count {
        case 0: "no warnings"
        case 1: "1 warning"
        case let count: "\(count) warnings"
        }
    }
}

extension Diagnostic {
    /// The same in one line, with something behind the message.
    fileprivate init(_ diagnostic: Diagnostic, with place: String) {
        self.init(diagnostic.severity, diagnostic.code, diagnostic.message + place)
    }
}
