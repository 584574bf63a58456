import Frontend
import Testing

@Suite("Recipes")
struct RecipeGoldenTests {
    @Test("are read into instructions", arguments: GoldenFolder.cases(in: "valid"))
    func valid(name: String) throws {
        let source = RecipeSource(name: "Recipe", bytes: try GoldenFolder.bytes("valid/\(name)/Recipe"))
        let printed = InstructionPrinter(source: source).print(try RecipeFile.parse(source))
        try GoldenFolder.expect(printed, in: "valid/\(name)/instructions")
    }

    @Test("that are wrong are told where and why", arguments: GoldenFolder.cases(in: "invalid"))
    func invalid(name: String) throws {
        let source = RecipeSource(name: "Recipe", bytes: try GoldenFolder.bytes("invalid/\(name)/Recipe"))
        let diagnostic = try #require(throws: Diagnostic.self) { _ = try RecipeFile.parse(source) }
        try GoldenFolder.expect(DiagnosticRenderer().render(diagnostic, in: source), in: "invalid/\(name)/diagnostics")
    }
}
