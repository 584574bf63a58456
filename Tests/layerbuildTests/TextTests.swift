import Frontend
import Testing

@testable import layerbuild

@Suite("A command's output")
struct OutputTextTests {
    @Test(
        "keeps its text and loses what a terminal would obey",
        arguments: [
            ("plain", "plain"), ("a\tb", "a\tb"), ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"),
            ("\u{1B}]0;title\u{1B}\\x", "x"), ("bell\u{07}", "bell\\u{7}"), ("\u{1B}[31", "\\u{1b}[31"),
            ("a\u{9B}31mb", "a\\u{9b}31mb"), ("\u{202E}abc", "\\u{202e}abc"), ("\u{1B}", "\\u{1b}"), ("ü", "ü"),
            ("\u{1B}c", ""), ("\u{1B}]0;x", "\\u{1b}]0;x"),
        ])
    func printable(_ text: String, _ shown: String) { #expect(PrintableLine(Array(text.utf8)).text == shown) }

    @Test("that is no UTF-8 is shown with replacement characters")
    func notUTF8() { #expect(PrintableLine([0x61, 0xFF, 0x62]).text == "a\u{FFFD}b") }

    @Test("is cut into lines, however it comes")
    func lines() {
        let bytes = Array("one\r\ntwo\n\n10%\r20%\rdone\nrest".utf8)
        for size in 1...bytes.count {
            var splitter = LineSplitter(returns: .overwrite)
            var lines: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += splitter.append(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(lines == ["one", "two", "", "done"])
            #expect(splitter.unfinished == "rest")
            #expect(splitter.finish() == "rest")
            #expect(splitter.finish() == nil)
        }
    }

    @Test("loses nothing in a log")
    func log() {
        var splitter = LineSplitter(returns: .end)
        #expect(splitter.append(Array("10%\r20%\r\nx\n".utf8)) == ["10%", "20%", "", "x"])
    }

    @Test("without line ends is cut before it fills the memory")
    func endless() {
        var splitter = LineSplitter(returns: .overwrite)
        let lines = splitter.append([UInt8](repeating: 0x61, count: LineSplitter.maximumLength + 5))
        #expect(lines.map(\.count) == [LineSplitter.maximumLength])
        #expect(splitter.finish() == "aaaaa")
    }
}

@Suite("Figures")
struct FigureTests {
    @Test(
        "are rounded to the digits that are asked for",
        arguments: [
            (0.0, 1, "0.0"), (0.05, 1, "0.1"), (12.345, 2, "12.35"), (1.0004, 3, "1.000"), (-0.5, 0, "-1"),
            (-0.04, 1, "0.0"), (.infinity, 1, "?"), (7, 0, "7"),
        ])
    func fixed(_ number: Double, _ digits: Int, _ text: String) { #expect(number.fixed(digits) == text) }

    @Test(
        "of bytes have the unit that people use",
        arguments: [
            (Int64(0), "0 B"), (999, "999 B"), (1000, "1.0 kB"), (34_500_000, "34.5 MB"), (999_960_000, "1.0 GB"),
            (.max, "9223372.0 TB"),
        ])
    func sizes(_ size: Int64, _ text: String) { #expect(size.asSize == text) }

    @Test("of time have minutes once they are many", arguments: [(0.04, "0.0s"), (75, "75.0s"), (723.9, "12m 03s")])
    func times(_ seconds: Double, _ text: String) { #expect(seconds.asSeconds == text) }
}

@Suite("Text on a terminal")
struct ScreenTextTests {
    @Test(
        "is as wide as its characters",
        arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("😀", 2), ("", 0), ("…", 1)])
    func width(_ text: String, _ width: Int) { #expect(ScreenText.width(text) == width) }

    @Test(
        "is cut where it would not fit",
        arguments: [
            ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 4, "日…"), ("a\tb", 20, "a       b"), ("abc", 0, ""),
            ("abc", 1, "…"),
        ])
    func fit(_ text: String, _ columns: Int, _ shown: String) { #expect(ScreenText.fit(text, columns) == shown) }

    @Test("stands in columns that are as wide as the widest cell")
    func table() {
        let table = Table(header: ["name", "size"], rows: [["a", "1 kB"], ["longer", ""]])
        #expect(table.text == "name    size\na       1 kB\nlonger\n")
        #expect(Table(header: ["name"], rows: []).text == "")
    }

    @Test("is coloured on terminals that can, for readers who want it")
    func colours() {
        func isColoured(_ isTerminal: Bool, _ variables: [String: String]) -> Bool {
            Style.style(isTerminal: isTerminal) { variables[$0] } == .ansi
        }
        #expect(isColoured(true, ["TERM": "xterm"]))
        #expect(isColoured(true, ["NO_COLOR": ""]))
        #expect(!isColoured(true, ["NO_COLOR": "1"]))
        #expect(!isColoured(true, ["TERM": "dumb"]))
        #expect(!isColoured(false, [:]))
    }
}
