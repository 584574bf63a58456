import Testing

@testable import Frontend

@Suite("The settings of a check")
struct LintSettingsTests {
    private static let folder = "../lint-settings"

    @Test("decide which rules speak and whether they are errors", arguments: GoldenFolder.cases(in: folder))
    func findings(name: String) throws {
        let path = "\(Self.folder)/\(name)"
        let source = RecipeSource(name: "Recipe", bytes: try GoldenFolder.bytes("\(path)/Recipe"))
        let scene = try LintScene((try? GoldenFolder.bytes("\(path)/options")) ?? [])
        let (findings, problem) = try scene.check(source)
        let renderer = DiagnosticRenderer()
        let diagnostics = findings.map(\.diagnostic) + [problem].compactMap(\.self)
        try GoldenFolder.expect(diagnostics.map { renderer.render($0, in: source) }.joined(), in: "\(path)/diagnostics")
    }
}
