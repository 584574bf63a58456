import OCI
import Testing

@testable import Frontend

@Suite("Expansion")
struct ExpansionTests {
    private static let environment: ExactMap<String> = [
        "A": "x", "EMPTY": "", "PATH": "/usr/bin:/bin", "FILE": "dir/a.tar.gz", "SP": "a  b", "LEAD": "  ab c",
        "TRAIL": "c  ", "STAR": "a*b", "NAME_2": "y", "LINES": "a\nb", "ÄÖ": "z", "REF": "<$0>$$${1}",
    ]

    private static func rows() -> [String] {
        let bytes = (try? GoldenFolder.bytes("expansion.table")) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    @Test("gives what the table says", arguments: rows())
    func table(row: String) throws {
        let arrow = try #require(row.utf8.indices.last { row[$0...].hasPrefix(" => ") })
        let word = Word(String(row[..<arrow]))
        let expected = row[arrow...].dropFirst(4)
        let actual: String
        do throws(Diagnostic) {
            let expansion = try word.expansion(in: Self.environment)
            if expected.hasPrefix("[") {
                actual = expansion.words.isEmpty ? "[]" : expansion.words.map { "[\($0)]" }.joined()
            } else {
                actual = expansion.text.isEmpty ? "·" : expansion.text.split(separator: "\n").joined(separator: "↵")
            }
        } catch { actual = "!\(error.code)" }
        #expect(actual == expected)
    }

    @Test("uses the recipe's escape character")
    func backtick() throws {
        #expect(try Word("`$A\\b`` $A", escape: .backtick).expanded(in: Self.environment) == "$A\\b` x")
        #expect(try Word("\"`\"`a\"", escape: .backtick).expanded(in: Self.environment) == "\"`a")
    }

    @Test("in documents leaves quotes alone and takes the backslash for an escape")
    func document() throws {
        var origin = Origin()
        origin.append(text: 0, source: 0, length: 40)
        let text = #"'$A' "${NONE:-"q"}" it's \$A \\ \n"#
        let word = Word(text.utf8, style: .document, origin: origin)
        #expect(try word.expanded(in: Self.environment) == #"'x' ""q"" it's $A \ n"#)
    }

    @Test("tells which variables were asked for, and where")
    func report() throws {
        let expansion = try Word("a$A${NONE:-$OTHER}").expansion(in: Self.environment)
        #expect(expansion.used.map(\.value) == ["A"])
        #expect(expansion.unset.map(\.value) == ["OTHER", "NONE"])
        let source = RecipeSource(name: "Recipe", text: "FROM x\nENV a=b \\\n  c=$A${NO\\\nNE:-}\n")
        let recipe = try RecipeFile.parse(source)
        guard case .env(let pairs)? = recipe.instructions.last?.instruction else { return #expect(Bool(false)) }
        let span = try pairs[1].value.expansion(in: Self.environment).unset[0].span
        #expect(String(decoding: source.bytes[span.start..<span.end], as: UTF8.self) == "${NO\\\nNE:-}")
    }

    @Test("of a required variable gives the author's message")
    func message() {
        func message(_ text: String) -> String? {
            do { _ = try Word(text).expanded(in: Self.environment) } catch { return error.message }
            return nil
        }
        #expect(message("${NONE:?set $A first}") == "`NONE` set x first")
        #expect(message("${NONE?}") == "`NONE` is not allowed to be unset")
        #expect(message("${EMPTY:?}") == "`EMPTY` is not allowed to be empty")
    }

    @Test("is bounded in size and depth")
    func bounds() {
        func code(_ text: String, _ environment: ExactMap<String> = [:]) -> String? {
            do { _ = try Word(text).expanded(in: environment) } catch { return error.code }
            return nil
        }
        let half = String(repeating: "x", count: Expansion.maximumSize / 2)
        #expect(code("$a$a", ["a": half]) == nil)
        #expect(code("$a$a.", ["a": half]) == "expansion-too-large")
        let wide = String(repeating: "y", count: 1024)
        #expect(code("${a//x/\(wide)}", ["a": String(repeating: "x", count: 2000)]) == "expansion-too-large")
        #expect(code(String(repeating: "${a:+$a}", count: 3), ["a": half]) == "expansion-too-large")
        #expect(code(String(repeating: "${n:+$a}", count: 40), ["a": half]) == "expansion-too-large")
        #expect(code("${a//$a/y}", ["a": half]) == "expansion-too-large")
        let deep = { String(repeating: "${n:-", count: $0) + String(repeating: "}", count: $0) }
        #expect(code(deep(Expansion.maximumDepth - 1)) == nil)
        #expect(code(deep(100_000)) == "expansion-too-deep")
    }
}
