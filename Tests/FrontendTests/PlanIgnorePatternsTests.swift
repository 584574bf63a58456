import OCI
import Testing

@testable import Frontend

@Suite("Ignore patterns")
struct IgnorePatternsTests {
    /// patterns separated by `;` | path | whether it is left out
    static let table = """
        foo | foo | yes
        foo | foo/bar/baz | yes
        foo | a/foo | no
        foo | foobar | no
        /foo | foo | yes
        ./foo/ | foo | yes
        a/../foo | foo | yes
        . | foo | no
        / | foo | no
        * | foo | yes
        * | foo/bar | yes
        *.o | a.o | yes
        *.o | d/a.o | no
        */*.o | d/a.o | yes
        **/*.o | a.o | yes
        **/*.o | d/e/a.o | yes
        **/*.o | d/e/a.oo | no
        **/foo | foo | yes
        **/foo | a/b/foo | yes
        **/foo | a/xfoo | no
        **foo | a/xfoo | yes
        **foo | xfoo | yes
        foo/** | foo | no
        foo/** | foo/a/b | yes
        foo** | foo | yes
        foo** | foobar/x | yes
        a/**/b | a/b | yes
        a/**/b | a/x/y/b | yes
        a/**/b | a/xb | no
        ** | any/thing | yes
        ** | any | yes
        a?c | abc | yes
        a?c | a/c | no
        a?c | aéc | yes
        [a-c]x | bx | yes
        [^a-c]x | bx | no
        [^a-c]x | dx | yes
        a\\*b | a*b | yes
        a\\*b | axb | no
        a[*]b | a*b | yes
        a[*]b | axb | no
        a] | a] | yes
        a.c | abc | no
        a+ | a+ | yes
        a+ | aa | no
        *;!foo | foo | no
        *;!foo | foo/bar | no
        *;!foo/bar | foo/bar | no
        *;!foo/bar | foo/baz | yes
        *;!foo/bar | foo | yes
        foo;!foo;foo/x | foo/x | yes
        foo;!foo;foo/x | foo/y | no
        !foo;foo | foo | yes
        a/b;!a | a/b | yes
        * ;! foo | foo | no
        **/x;!keep/**/x | keep/a/x | no
        **/x;!keep/**/x | other/x | yes
        a/..b | a/..b | yes
        ../foo | foo | no
        """

    struct Row: CustomTestStringConvertible, Sendable {
        let patterns: [String]
        let path: String
        let isIgnored: Bool
        var testDescription: String { "\(patterns.joined(separator: " ; ")) on \(path)" }
    }

    static let rows = table.split(separator: "\n").map { line in
        let cells = line.split(separator: "|").map { $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed() }
        let patterns = String(cells[0]).split(separator: ";").map(String.init)
        return Row(patterns: patterns, path: String(cells[1]), isIgnored: String(cells[2]) == "yes")
    }

    @Test("decide as moby's matcher does", arguments: rows)
    func decide(row: Row) throws {
        let patterns = try IgnorePatterns(parsing: Array(row.patterns.joined(separator: "\n").utf8))
        #expect(patterns.matches(TreePath(normalising: row.path)) == row.isIgnored)
    }

    @Test(
        "of --exclude are the same, but that a slash at the beginning or behind `!` stays and matches nothing",
        arguments: [
            (["foo/"], "foo", true), (["./foo"], "foo", true), (["/foo"], "foo", false), (["//foo"], "foo", false),
            (["*", "!/foo"], "foo", true), (["*", "! foo"], "foo", true), (["*", "!foo"], "foo", false),
            (["#x"], "#x", true), ([" foo "], "foo", true),
        ])
    func flags(texts: [String], path: String, isIgnored: Bool) throws {
        let patterns = try IgnorePatterns(texts.map { Array($0.utf8) })
        #expect(patterns.matches(TreePath(normalising: path)) == isIgnored)
    }

    @Test("are read from a file with a mark, comments, blank lines and Windows line ends")
    func file() throws {
        let text = "\u{FEFF}# comment\r\n\r\n  /build/  \r\n # no comment\r\n!build/keep"
        let patterns = try IgnorePatterns(parsing: Array(text.utf8))
        #expect(patterns.matches(TreePath(normalising: "build/x")))
        #expect(!patterns.matches(TreePath(normalising: "build/keep")))
        #expect(patterns.matches(TreePath(normalising: "# no comment")))
        #expect(!patterns.matches(TreePath(normalising: "# comment")))
        #expect(!patterns.matches(.root))
    }

    @Test("that are malformed are told at their place", arguments: ["[", "a[]", "!", "a\\", "[^", "**[", "[a-]", "!["])
    func malformed(pattern: String) throws {
        let text = "ok\n  \(pattern)\nok"
        let diagnostic = #expect(throws: Diagnostic.self) { try IgnorePatterns(parsing: Array(text.utf8)) }
        #expect(diagnostic?.code == "bad-pattern")
        #expect(diagnostic?.span == SourceSpan(5, 5 + pattern.utf8.count))
    }

    @Test("say where an exception may hide")
    func exceptions() throws {
        let patterns = try IgnorePatterns(["*", "!docs/*.md", "!**/keep"].map { Array($0.utf8) })
        #expect(patterns.mayHoldExceptions(below: TreePath(normalising: "docs")))
        #expect(patterns.mayHoldExceptions(below: TreePath(normalising: "any/where")))
        let narrow = try IgnorePatterns(["*", "!docs/*.md"].map { Array($0.utf8) })
        #expect(narrow.mayHoldExceptions(below: TreePath(normalising: "docs")))
        #expect(!narrow.mayHoldExceptions(below: TreePath(normalising: "docs/old")))
        #expect(!narrow.mayHoldExceptions(below: TreePath(normalising: "src")))
        #expect(
            !(try IgnorePatterns(["*"].map { Array($0.utf8) })).mayHoldExceptions(below: TreePath(normalising: "a")))
    }

    @Test("see names as bytes: what is no UTF-8 is matched byte by byte")
    func bytes() throws {
        let patterns = try IgnorePatterns([[0xFF, UInt8(ascii: "?")]])
        #expect(patterns.matches(TreePath(unchecked: [0xFF, 0xFE])))
        #expect(!patterns.matches(TreePath(unchecked: [0xFE, 0xFE])))
    }

    @Test("take no longer for hostile patterns", .timeLimit(.minutes(10)))
    func hostile() throws {
        let stars = String(repeating: "**/", count: 20) + "a*b*c*d*e*f*g*h*z"
        let patterns = try IgnorePatterns([stars, "*a*a*a*a*a*a*a*a*a*a*a*a*b"].map { Array($0.utf8) })
        #expect(!patterns.matches(TreePath(unchecked: [UInt8](repeating: UInt8(ascii: "a"), count: 10_000))))
    }
}

@Suite("Name patterns")
struct GlobPatternTests {
    @Test(
        "match as Go's path.Match does",
        arguments: [
            ("abc", "abc", true), ("*", "abc", true), ("*c", "abc", true), ("a*", "a", true), ("a*", "ab/c", false),
            ("a*/b", "abc/b", true), ("a*/b", "a/c/b", false), ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b?c*x", "abxbbxdbxebxczzx", true), ("a*b?c*x", "abxbbxdbxebxczzy", false), ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true), ("ab[e-g]", "abc", false), ("ab[^c]", "abc", false), ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true), ("a\\*b", "ab", false), ("a?b", "a☺b", true), ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false), ("[a-ζ]*", "α", true), ("*[a-ζ]", "A", false), ("a?b", "a/b", false),
            ("[\\]a]", "]", true), ("[\\-]", "-", true), ("[x\\-]", "-", true), ("[\\-x]", "a", false),
            ("arr[[]0].txt", "arr[0].txt", true), ("**", "ab", true), ("*x", "xxx", true), ("", "", true),
        ])
    func match(pattern: String, name: String, matches: Bool) throws {
        #expect(try GlobPattern(pattern).matches(name.utf8) == matches)
    }

    @Test("are asked only where something in them is special")
    func wildcards() {
        #expect(GlobPattern.hasWildcards("a*".utf8))
        #expect(GlobPattern.hasWildcards("[a]".utf8))
        #expect(!GlobPattern.hasWildcards("a\\*b\\".utf8))
        #expect(!GlobPattern.hasWildcards("a]b".utf8))
    }
}
