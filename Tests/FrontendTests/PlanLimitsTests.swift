import OCI
import Testing

@testable import Frontend

@Suite("Plans of any size")
struct PlanLimitsTests {
    private func plan(_ text: String) throws -> BuildGraph? {
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        guard case .graph(let graph) = try Planner.plan(file, PlanOptions(), bases: [:]) else { return nil }
        return graph
    }

    @Test("take time in proportion: thousands of stages on each other", .timeLimit(.minutes(10)))
    func stages() throws {
        var text = "FROM scratch AS s0\n"
        for number in 1..<5_000 { text += "FROM s\(number - 1) AS s\(number)\nCOPY --from=s\(number / 2) a b\n" }
        #expect(try plan(text)?.steps.count == 4_999)
    }

    @Test("take time in proportion: thousands of variables", .timeLimit(.minutes(10)))
    func variables() throws {
        var text = "FROM scratch\n"
        for number in 0..<5_000 { text += "ARG A\(number)=1\nENV B\(number)=$A\(number)\n" }
        #expect(try plan(text)?.image.config.container.environment.count == 5_001)
    }

    @Test("refuse more ports than there are")
    func ports() throws {
        let all = "FROM scratch AS a\nEXPOSE 0-65535 0-65535/udp 0-65535/sctp\n"
        #expect(try plan(all)?.image.config.container.exposedPorts.count == 3 << 16)
        let diagnostic = #expect(throws: Diagnostic.self) { try plan(all + "FROM a\nEXPOSE 80") }
        #expect(diagnostic?.code == "bad-port")
    }

    @Test("refuse a ring of stages that nobody needs")
    func ring() throws {
        let text = """
            FROM scratch AS a
            COPY --from=b /x /x
            FROM scratch AS b
            COPY --from=c /x /x
            FROM scratch AS c
            COPY --from=a /x /x
            FROM scratch
            COPY x /
            """
        let diagnostic = #expect(throws: Diagnostic.self) { try plan(text) }
        #expect(diagnostic?.code == "stage-too-late")
    }

    @Test("let a stage that nobody needs wait for a later one")
    func unneeded() throws {
        let text = "FROM scratch AS a\nCOPY --from=b /x /x\nFROM scratch AS b\nCOPY x /\nFROM scratch\nCOPY y /"
        #expect(try plan(text)?.steps.count == 1)
    }

    @Test("ask for each image once, and for those of triggers in a second round")
    func rounds() throws {
        let text = "FROM one\nFROM one AS two\nCOPY --from=three /a /b\nRUN --mount=from=three,target=/x true"
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", text: text))
        var bases: [BaseRequirement: PlannedBase] = [:]
        func needs() throws -> [String] {
            guard case .needs(let requirements) = try Planner.plan(file, PlanOptions(), bases: bases) else { return [] }
            for requirement in requirements {
                var config = ImageConfig(platform: .host)
                if requirement.name == "one" { config.container.onBuild = ["COPY --from=four /a /b"] }
                bases[requirement] = PlannedBase(id: BaseID(index: bases.count), config: config)
            }
            return requirements.map(\.name)
        }
        #expect(try needs() == ["one", "three"])
        #expect(try needs() == ["four"])
        #expect(try needs() == [])
    }
}
