import Frontend
import Testing

@Suite("Diagnostics")
struct DiagnosticRendererTests {
    private func render(_ text: String, _ start: Int, _ end: Int, _ message: String = "m") -> [String] {
        let source = RecipeSource(name: "Recipe", text: text)
        let diagnostic = Diagnostic(.error, "code", message, at: SourceSpan(start, end))
        return DiagnosticRenderer().render(diagnostic, in: source).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test("mark the word in its line, counting characters")
    func carets() {
        #expect(
            render("FROM x\nCOPY é日 b\n", 12, 17) == [
                "error[code]: m", " --> Recipe:2:6", "  |", "2 | COPY é日 b", "  |      ^^", "",
            ])
    }

    @Test("mark the first line only, and at least one place")
    func edges() {
        #expect(render("ab\ncd\n", 1, 5)[4] == "  |  ^")
        #expect(render("ab", 2, 2)[4] == "  |   ^")
        #expect(render("", 0, 0)[4] == "  | ^")
        #expect(render("ab\n", 90, 99)[1] == " --> Recipe:2:1")
    }

    @Test("never send control characters to the terminal")
    func control() {
        let lines = render("a\u{1B}[31m\tb\r\u{202E}c", 0, 1, "\u{7}x")
        #expect(lines[0] == "error[code]: \\u{7}x")
        #expect(lines[3] == "1 | a\\u{1b}[31m b\\u{d}\\u{202e}c")
    }

    @Test("cut long lines around the marked word")
    func long() {
        let text = String(repeating: "a", count: 5000) + "XYZ" + String(repeating: "b", count: 5000)
        let lines = render(text, 5000, 5003)
        #expect(lines[3].count <= 130)
        let column = lines[4].prefix { $0 != "^" }.count
        #expect(lines[4].hasSuffix("^^^"))
        #expect(Array(lines[3])[column..<column + 3] == ["X", "Y", "Z"])
        #expect(render(text, 0, 10_003)[4].count <= 130)
    }

    @Test("have columns that count code points, however long the line is")
    func columns() {
        let text = "FROM a\n" + String(repeating: "aé😀\u{301}\r", count: 3000) + "\nb"
        let source = RecipeSource(name: "Recipe", text: text)
        var (offset, line, column) = (0, 1, 1)
        for scalar in text.unicodeScalars {
            let position = source.position(at: offset)
            #expect((position.line, position.column) == (line, column))
            offset += UTF8.width(scalar)
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        let end = source.position(at: .max)
        #expect((end.line, end.column) == (line, column))
    }

    @Test("are coloured only where that is asked for")
    func colour() {
        let diagnostic = Diagnostic(.warning, "code", "m", hint: "h", notes: [.init("n")])
        #expect(DiagnosticRenderer().render(diagnostic, in: nil) == "warning[code]: m\n  = hint: h\n  = note: n\n")
        #expect(DiagnosticRenderer(style: .ansi).render(diagnostic, in: nil).contains("\u{1B}[1;33mwarning[code]"))
    }

    @Test("guess what was meant only when it is near")
    func suggestions() {
        #expect(closest(to: "form", in: ["from", "chown"]) == "from")
        #expect(closest(to: "ENTRYPIONT", in: ["ENTRYPOINT", "ENV"]) == "ENTRYPOINT")
        #expect(closest(to: "entrypoin", in: ["ENTRYPOINT"]) == "ENTRYPOINT")
        #expect(closest(to: "BADCMD", in: ["ADD", "CMD"]) == nil)
        #expect(closest(to: "x", in: ["from"]) == nil)
        #expect(closest(to: "", in: [""]) == nil)
    }
}
