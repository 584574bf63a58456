import OCI
import Testing

@testable import Frontend

/// `lint/<rule>/<case>/{Recipe,options,diagnostics}`: what all rules say about a recipe. A case whose name begins with
/// `quiet` is one in which its rule has nothing to say.
@Suite("Rules")
struct LintGoldenTests {
    private static let folder = "../lint"

    static let cases = GoldenFolder.cases(in: folder).flatMap { rule in
        GoldenFolder.cases(in: "\(folder)/\(rule)").map { Case(rule: rule, name: $0) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let name: String

        var isQuiet: Bool { name.hasPrefix("quiet") }
        var path: String { "\(folder)/\(rule)/\(name)" }
        var testDescription: String { "\(rule)/\(name)" }
    }

    @Test("say what they should and nothing else", arguments: cases)
    func findings(of example: Case) throws {
        let source = RecipeSource(name: "Recipe", bytes: try GoldenFolder.bytes("\(example.path)/Recipe"))
        let scene = try LintScene((try? GoldenFolder.bytes("\(example.path)/options")) ?? [])
        let (findings, problem) = try scene.check(source)
        #expect(findings.contains { $0.rule == example.rule } != example.isQuiet)
        let renderer = DiagnosticRenderer()
        let diagnostics = findings.map(\.diagnostic) + [problem].compactMap(\.self)
        try GoldenFolder.expect(
            diagnostics.map { renderer.render($0, in: source) }.joined(), in: "\(example.path)/diagnostics")
    }

    @Test("have each a case in which they speak and one in which they are quiet", arguments: Linter.rules.map(\.name))
    func bothWays(rule: String) {
        let own = Self.cases.filter { $0.rule == rule }
        #expect(own.contains { $0.isQuiet } && own.contains { !$0.isQuiet })
    }

    @Test("have each a page in the catalogue", arguments: Linter.rules.map(\.name))
    func pages(rule: String) throws {
        let page = "../../../../Sources/layerbuild/Documentation.docc/Rules/\(rule).md"
        let text = String(decoding: try GoldenFolder.bytes(page), as: UTF8.self)
        #expect(text.hasPrefix("# \(rule)\n"))
        #expect(text.contains("warning[\(rule)]: "))
        #expect(text.contains("❌") && text.contains("✅"))
    }
}

/// What a check knows beside the recipe.
///
/// One option a line: `arg NAME=VALUE`, `target NAME`, `folder NAME`, `platform P`, `ignore PATTERN`,
/// `file PATH kept|ignored|emptied|absent`, `base NAME [platform P] [VARIABLE=VALUE]…`, `secret VALUE`.
struct LintScene {
    private var options: PlanOptions
    private var patterns: [[UInt8]] = []
    private var files: ExactMap<LintFacts.SourceState> = [:]
    private var facts = LintFacts()

    init(_ bytes: [UInt8]) throws {
        let amd64 = Platform(os: "linux", architecture: "amd64")
        options = PlanOptions(platform: amd64, buildPlatform: amd64)
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let pair = words[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch words[0] {
            case "arg": options.arguments[pair[0]] = pair.dropFirst().joined()
            case "target": options.target = words[1]
            case "folder": options.folderContexts.insert(ExactText(words[1]))
            case "platform": options.platform = try #require(Platform(words[1]))
            case "ignore": patterns.append(Array(words[1].utf8))
            case "file": files[words[1]] = try Self.state(words[2])
            case "secret": facts.secrets.append(Array(words[1].utf8))
            case "base": try addBase(words[1], Array(words.dropFirst(2)))
            case _: Issue.record("unknown option \(line)")
            }
        }
    }

    private static func state(_ name: String) throws -> LintFacts.SourceState {
        let states: [String: LintFacts.SourceState] = [
            "kept": .kept, "ignored": .ignored, "emptied": .emptied, "absent": .absent,
        ]
        return try #require(states[name])
    }

    private mutating func addBase(_ name: String, _ words: [String]) throws {
        let isForeign = words.first == "platform"
        var config = ImageConfig(platform: isForeign ? try #require(Platform(words[1])) : options.platform)
        config.container.environment = Array(words.dropFirst(isForeign ? 2 : 0))
        let requirement = BaseRequirement(name: name, platform: options.platform)
        facts.bases[requirement] = PlannedBase(id: BaseID(index: facts.bases.count), config: config)
    }

    /// The findings, and the error that the recipe or its settings are.
    func check(_ source: RecipeSource) throws -> (findings: [LintFinding], problem: Diagnostic?) {
        var facts = facts
        let ignored = try IgnorePatterns(patterns)
        if !files.isEmpty {
            facts.context = .surveyed(files, ignored)
        } else if !patterns.isEmpty {
            facts.context = .patterns(ignored)
        }
        let (file, problem) = RecipeFile.read(source)
        let settings: LintSettings
        do { settings = try LintSettings(of: file, options) } catch { return ([], error) }
        let recipe = LintedRecipe(file, options, facts, reach: .check)
        let findings = Linter.findings(in: recipe, problem == nil ? .whole : .beginning, settings)
        let failure = problem ?? Planner.problem(in: recipe) ?? Linter.failure(findings, settings)
        return (findings, failure)
    }
}
