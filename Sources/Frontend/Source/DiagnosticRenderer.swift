/// Draws diagnostics: the only place that does.
///
///     error[unknown-flag]: COPY has no flag `--form`
///      --> Recipe:1:6
///       |
///     1 | COPY --form=build /app /usr/bin/
///       |      ^^^^^^
///       = hint: did you mean `--from`?
package struct DiagnosticRenderer: Sendable {
    /// Whether to use the terminal's colours.
    package enum Style: Sendable {
        case plain
        case ansi
    }

    /// More characters of a line than these are cut away.
    static let maximumWidth = 120
    /// Bytes of a line farther away from what is marked than these are not looked at: a line may have millions.
    private static let reach = 1024

    let style: Style

    package init(style: Style = .plain) { self.style = style }

    /// The diagnostic as lines of text, each ended; without a source the place is left out.
    package func render(_ diagnostic: Diagnostic, in source: RecipeSource?) -> String {
        let headline = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
        var text = paint(headline, diagnostic.severity) + bold(": \(printable(diagnostic.message))") + "\n"
        var margin = 1
        if let source, let span = diagnostic.span {
            margin = String(source.position(at: span.start).line).count
            text += excerpt(span, of: source, margin: margin, diagnostic.severity)
        }
        let indent = String(repeating: " ", count: margin)
        if let hint = diagnostic.hint { text += "\(indent) = hint: \(printable(hint))\n" }
        for note in diagnostic.notes {
            var line = "\(indent) = note: \(printable(note.message))"
            if let source, let span = note.span { line += " (\(place(span.start, in: source)))" }
            text += line + "\n"
        }
        return text
    }

    private func excerpt(
        _ span: SourceSpan, of source: RecipeSource, margin: Int, _ severity: Diagnostic.Severity
    ) -> String {
        let index = source.line(at: span.start)
        let bounds = source.bounds(ofLine: index)
        let start = min(max(span.start, bounds.lowerBound), bounds.upperBound)
        let end = min(max(span.end, start), bounds.upperBound)
        var first = max(bounds.lowerBound, start - Self.reach)
        while first < start, source.bytes[first] & 0xC0 == 0x80 { first += 1 }
        let last = min(end, start + Self.reach)
        let parts = [first..<start, start..<last, last..<min(bounds.upperBound, last + Self.reach)].map {
            printable(String(decoding: source.bytes[$0], as: UTF8.self))
        }
        let (line, column) = cut(parts)
        let carets = String(repeating: "^", count: max(1, min(parts[1].count, Self.maximumWidth - column)))
        let indent = String(repeating: " ", count: margin)
        let number = String(index + 1)
        return """
            \(indent)--> \(place(span.start, in: source))
            \(indent) |
            \(number) | \(line)
            \(indent) | \(String(repeating: " ", count: column))\(paint(carets, severity))

            """
    }

    private func place(_ offset: Int, in source: RecipeSource) -> String {
        let position = source.position(at: offset)
        return "\(printable(source.name)):\(position.line):\(position.column)"
    }

    /// The line, with `…` where it was cut, and the column at which the marked part stands in it.
    private func cut(_ parts: [String]) -> (line: String, column: Int) {
        var before = parts[0]
        let room = Self.maximumWidth - min(parts[1].count, Self.maximumWidth / 2)
        if before.count > room - 1 { before = "…" + before.suffix(max(0, min(room - 1, Self.maximumWidth / 2))) }
        let line = before + parts[1] + parts[2]
        guard line.count > Self.maximumWidth else { return (line, before.count) }
        return (line.prefix(Self.maximumWidth - 1) + "…", before.count)
    }
}

extension DiagnosticRenderer {
    /// The text without anything that a terminal would obey: a tab is one space, control characters are spelt.
    private func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Self.isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                result += " "
            } else if Self.isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Control characters, and those that change the direction of the text around them.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20..<0x7F).contains(scalar.value) { return false }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }

    private func paint(_ text: String, _ severity: Diagnostic.Severity) -> String {
        guard case .ansi = style else { return text }
        let colour =
            switch severity {
            case .error: 31
            case .warning: 33
            case .note: 36
            }
        return "\u{1B}[1;\(colour)m\(text)\u{1B}[0m"
    }

    private func bold(_ text: String) -> String {
        guard case .ansi = style else { return text }
        return "\u{1B}[1m\(text)\u{1B}[0m"
    }
}
