import OCI
import Testing

@testable import Frontend

/// Two letters, `Å` and the sign of the ångström, that are one to `String` and two to everybody else.
@Suite("Names in recipes are told apart by their bytes")
struct ExactNamesTests {
    private static let letter = "\u{C5}"
    private static let sign = "\u{212B}"

    private func lint(_ text: String, _ options: PlanOptions = PlanOptions()) throws -> LintedRecipe {
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        return LintedRecipe(file, options, LintFacts(), reach: .check)
    }

    private func plan(
        _ text: String, _ options: PlanOptions = PlanOptions(), bases: [BaseRequirement: PlannedBase] = [:]
    ) throws -> BuildGraph {
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        guard case .graph(let graph) = try Planner.plan(file, options, bases: bases) else {
            throw Diagnostic(.error, "no-graph", "the recipe needs something")
        }
        return graph
    }

    private func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test("those of arguments, given or not")
    func arguments() throws {
        var options = PlanOptions()
        options.arguments = [Self.letter: "1"]
        let graph = try plan(
            "FROM scratch\nARG \(Self.letter)\nARG \(Self.sign)=2\nENV A=$\(Self.letter)$\(Self.sign)", options)
        #expect(graph.image.config.container.environmentValue(of: "A") == "12")
        let unused = try plan("FROM scratch\nARG \(Self.sign)\nENV A=1", options).warnings
        #expect(unused.map(\.code) == ["unused-build-argument"])
    }

    @Test("those of variables and labels to leave out")
    func removals() throws {
        var options = PlanOptions()
        options.removedVariables = [ExactText(Self.letter)]
        options.removedLabels = [ExactText(Self.letter)]
        var config = ImageConfig(platform: options.platform)
        config.container.environment = ["\(Self.letter)=1", "\(Self.sign)=2"]
        config.container.labels = [Self.letter: "1", Self.sign: "2"]
        let base = BaseRequirement(name: "base", platform: options.platform)
        let graph = try plan(
            "FROM base\nENV B=1", options, bases: [base: PlannedBase(id: BaseID(index: 0), config: config)])
        let container = graph.image.config.container
        #expect(container.environmentValue(of: Self.letter) == nil)
        #expect(container.environmentValue(of: Self.sign) == "2")
        #expect(container.labels == [Self.sign: "2"])
    }

    @Test("those of contexts, folders and images")
    func contexts() throws {
        var options = PlanOptions()
        options.folderContexts = [ExactText(Self.letter)]
        options.imageContexts = [ExactText(Self.sign)]
        let base = BaseRequirement(name: Self.sign, platform: options.platform)
        #expect(base != BaseRequirement(name: Self.letter, platform: options.platform))
        let text = "FROM scratch\nCOPY --from=\(Self.letter) /a /\nCOPY --from=\(Self.sign) /b /"
        let config = ImageConfig(platform: options.platform)
        let graph = try plan(text, options, bases: [base: PlannedBase(id: BaseID(index: 0), config: config)])
        let origins = graph.steps.compactMap { step -> FileOrigin? in
            if case .copy(let copy) = step.operation { copy.sources.first?.origin } else { nil }
        }
        #expect(origins == [.context(Self.letter), .fileSystem(.base(BaseID(index: 0)))])
    }

    @Test("those of heredocs")
    func heredocs() throws {
        let graph = try plan(
            "FROM scratch\nCOPY <<\(Self.letter) <<\(Self.sign) /\n1\n\(Self.letter)\n2\n\(Self.sign)\n")
        guard case .copy(let copy)? = graph.steps.first?.operation else {
            Issue.record("nothing is copied")
            return
        }
        let contents = copy.sources.map { source -> [UInt8] in
            if case .inline(_, let contents) = source { contents } else { [] }
        }
        #expect(contents == bytes(["1\n", "2\n"]))
    }

    @Test("in what a recipe offers, with what the comments above say of each")
    func outline() throws {
        let text = """
            FROM scratch
            # \(Self.letter) is a letter
            # \(Self.sign) is a sign
            # \u{301}x is an accent
            ARG \(Self.letter) \(Self.sign) \u{301}x
            RUN --mount=type=secret,id=\(Self.letter) --mount=type=secret,id=\(Self.sign) true
            """
        let outline = try RecipeOutline(try lint(text))
        #expect(bytes(outline.arguments.map(\.name)) == bytes([Self.letter, Self.sign, "\u{301}x"]))
        #expect(outline.arguments.map(\.description) == ["is a letter", "is a sign", "is an accent"])
        #expect(bytes(outline.secrets.map(\.id)) == bytes([Self.letter, Self.sign]))
    }

    @Test("in what the rules find")
    func findings() throws {
        let recipe = try lint(
            """
            ARG \(Self.letter)=x
            FROM a$\(Self.letter)$\(Self.sign)
            ARG \(Self.letter)
            FROM scratch
            ENV A=$\(Self.letter)$\(Self.sign)
            COPY \(Self.letter) \(Self.sign) /
            """)
        #expect(UndefinedArgInFrom().findings(in: recipe).count == 1)
        #expect(UndefinedVar().findings(in: recipe).count == 2)
        #expect(bytes(recipe.contextSources) == bytes([Self.letter, Self.sign]))
    }

    @Test("and a mark is one whatever follows it")
    func marks() throws {
        let diagnostic = #expect(throws: Diagnostic.self) { try plan("FROM scratch\nCOPY --from=$\u{301} /a /") }
        #expect(diagnostic?.code == "variable-in-from")
        #expect(throws: Diagnostic.self) { try LintSettings(parsing: "skip=A;\u{301}error=true", at: nil) }
    }

    @Test("and letter case is docker's: one letter for one, compared in lower case")
    func letterCase() throws {
        #expect("ABC\u{130}\u{212A}\u{3A3}".inLowerCase.unicodeScalars.map(\.value) == [97, 98, 99, 105, 107, 0x3C3])
        let stages = try lint("FROM scratch AS \u{130}x\nFROM ix").stages
        #expect(stages.last?.usedStages == [0])
        #expect(Keyword(ignoringCase: "wor\u{212A}Dir") == .workdir)
        #expect(Keyword(ignoringCase: "STOPS\u{131}GNAL") == nil && Keyword(ignoringCase: "\u{FB06}OPSIGNAL") == nil)
    }
}
