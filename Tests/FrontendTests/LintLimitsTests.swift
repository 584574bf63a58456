import OCI
import Testing

@testable import Frontend

@Suite("Checks of any size")
struct LintLimitsTests {
    private func lint(_ text: String, target: String? = nil) throws -> LintedRecipe {
        var options = PlanOptions()
        options.target = target
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        return LintedRecipe(file, options, LintFacts(), reach: .check)
    }

    private func count(of rule: String, in recipe: LintedRecipe) -> Int {
        Linter.findings(in: recipe, .whole, LintSettings()).count { $0.rule == rule }
    }

    @Test("take time in proportion: a line of unknown variables below as many comments", .timeLimit(.minutes(10)))
    func unknownVariables() throws {
        let numbers = 0..<8_000
        let known = (0..<900).map { "ARG known\($0)\n" }.joined()
        let comments = numbers.map { "# comment \($0)\n" }.joined()
        let line = numbers.map { " l\($0)=$known_\($0)" }.joined()
        #expect(
            count(of: "UndefinedVar", in: try lint("FROM scratch\n\(known)\(comments)LABEL\(line)")) == numbers.count)
        let stages = numbers.prefix(2_000).map { "FROM a$known_\($0)\n" }.joined()
        #expect(count(of: "UndefinedArgInFrom", in: try lint(known + stages)) == 2_000)
    }

    @Test("take time in proportion: stages of one name, wanted and not", .timeLimit(.minutes(10)))
    func stages() throws {
        let text = String(repeating: "FROM scratch AS a\nFROM a AS a\n", count: 5_000) + "FROM a AS last"
        let recipe = try lint(text, target: "last")
        #expect(count(of: "DuplicateStageName", in: recipe) == 9_999)
        #expect(recipe.stages[9_999].usedStages == [9_998] && recipe.stages[10_000].usedStages == [9_999])
    }

    @Test("take time in proportion: stages on names that mean nothing", .timeLimit(.minutes(10)))
    func namelessBases() throws {
        let numbers = 0..<2_000
        let arguments = numbers.map { "ARG argument_\($0)=1\n" }.joined()
        let stages = numbers.map { "FROM $argumemt_\($0) AS stage-\($0)\nFROM STAGE_\($0)\n" }.joined()
        let recipe = try lint(arguments + stages)
        #expect(recipe.stages.allSatisfy { $0.base == nil })
        let problem = try #require(Planner.problem(in: recipe))
        #expect(problem.code == "empty-base")
        #expect(problem.hint == "did you mean `argument_0`?")
    }

    @Test("take time in proportion: many stages on one of many variables", .timeLimit(.minutes(10)))
    func inheritedVariables() throws {
        let variables = (0..<2_000).map { "ENV V\($0)=1\n" }.joined()
        let recipe = try lint(
            "FROM scratch AS a\n\(variables)ARG V7=2\nLABEL a=$V7\n" + String(repeating: "FROM a\n", count: 5_000)
                + "LABEL a=$V7 b=$none")
        #expect(count(of: "UndefinedVar", in: recipe) == 1)
        guard case .graph(let graph) = try Planner.plan(recipe.file, recipe.options, bases: [:]) else {
            Issue.record("the recipe needs nothing")
            return
        }
        // What an ARG says holds to the end of its stage.
        #expect(graph.image.config.container.labels["a"] == "1")
    }

    @Test("offer any number of arguments", .timeLimit(.minutes(10)))
    func arguments() throws {
        let names = (0..<20_000).map { "a\($0)" }
        let outline = try RecipeOutline(try lint("FROM scratch\nARG \(names.joined(separator: " "))"))
        #expect(outline.arguments.map(\.name) == names)
    }

    @Test("show the part of a long line that is meant")
    func longLine() throws {
        let words = String(repeating: "é a ", count: 100_000)
        let text = "FROM scratch\nLABEL x=\"\(words)\" y=$unknown z=\"\(words)\""
        let recipe = try lint(text)
        let finding = try #require(UndefinedVar().findings(in: recipe).first)
        let diagnostic = Diagnostic(.warning, "UndefinedVar", finding.message, at: finding.span)
        let lines = DiagnosticRenderer().render(diagnostic, in: recipe.file.source).split(separator: "\n")
        #expect(lines[1].hasSuffix(":2:\(words.count + 14)"))
        let place = try #require(lines[3].firstRange(of: "$unknown")?.lowerBound)
        let carets = try #require(lines[4].firstRange(of: "^^^^^^^^")?.lowerBound)
        let columns = [
            lines[3].distance(from: lines[3].startIndex, to: place),
            lines[4].distance(from: lines[4].startIndex, to: carets),
        ]
        #expect(columns[0] == columns[1])
        #expect(lines[3].count < 140)
    }
}
