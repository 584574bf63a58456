import Testing

@testable import Frontend

@Suite("Bytes that are no text")
struct RecipeBytesTests {
    @Test("stay in a heredoc in which nothing is to be replaced")
    func heredoc() throws {
        let recipe =
            Array("FROM scratch\nCOPY <<-'EOF' /a\n\t".utf8) + [0xE9, 0x0A, 0x09, 0x09, 0xFF] + Array("\nEOF\n".utf8)
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", bytes: recipe))
        guard case .graph(let graph) = try Planner.plan(file, PlanOptions(), bases: [:]),
            case .copy(let copy) = try #require(graph.steps.first).operation,
            case .inline(let name, let contents) = try #require(copy.sources.first)
        else {
            Issue.record("the plan has no file of the recipe")
            return
        }
        #expect(name == "EOF")
        #expect(contents == [0xE9, 0x0A, 0xFF, 0x0A])
    }

    @Test("leave a JSON form what it is")
    func json() throws {
        let recipe = Array("FROM scratch\nCMD [\"caf".utf8) + [0xE9] + Array("\"]\n".utf8)
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", bytes: recipe))
        guard case .cmd(.exec(let words)) = try #require(file.instructions.last).instruction else {
            Issue.record("it is a line for the shell")
            return
        }
        #expect(words.map(\.value) == ["caf\u{FFFD}"])
    }
}
