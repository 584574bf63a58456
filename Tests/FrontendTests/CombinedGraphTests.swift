import OCI
import Testing

@testable import Frontend

@Suite("Graphs for several platforms in one")
struct CombinedGraphTests {
    private static let amd64 = Platform(os: "linux", architecture: "amd64")
    private static let arm64 = Platform(os: "linux", architecture: "arm64")

    private func combined(_ recipe: String, _ platforms: [Platform] = [amd64, arm64]) throws -> CombinedGraph {
        let file = try RecipeFile.parse(RecipeSource(name: "Recipe", bytes: Array(recipe.utf8)))
        var bases: [BaseRequirement: PlannedBase] = [:]
        var graphs: [(platform: Platform, graph: BuildGraph)] = []
        for platform in platforms {
            let options = PlanOptions(platform: platform, buildPlatform: Self.amd64)
            while true {
                let outcome = try Planner.plan(file, options, bases: bases)
                if case .graph(let graph) = outcome {
                    graphs.append((platform, graph))
                    break
                }
                guard case .needs(let missing) = outcome else { break }
                for base in missing {
                    bases[base] = PlannedBase(
                        id: BaseID(index: bases.count), config: ImageConfig(platform: base.platform))
                }
            }
        }
        return CombinedGraph(graphs)
    }

    private func titles(_ graph: CombinedGraph) -> [String] {
        graph.steps.map { "\($0.place.platform?.architecture ?? "all"): \($0.text)" }
    }

    @Test("share what a stage for the building machine does before it asks what it builds for")
    func shared() throws {
        let graph = try combined(
            """
            FROM --platform=$BUILDPLATFORM compiler AS build
            RUN prepare
            ARG TARGETARCH
            RUN compile
            FROM base
            COPY --from=build /out /out
            """)
        #expect(
            titles(graph) == [
                "all: RUN prepare", "amd64: RUN compile", "amd64: COPY --from=build /out /out", "arm64: RUN compile",
                "arm64: COPY --from=build /out /out",
            ])
        #expect(graph.steps.map(\.id.index) == Array(0..<5))
        #expect(graph.steps[3].base == .step(StepID(index: 0)))
        #expect(graph.steps[4].operation.sources == [.step(StepID(index: 3))])
        #expect(graph.images.map { $0.history.compactMap(\.step?.index) } == [[2], [4]])
        #expect(graph.images.map(\.config.platform) == [Self.amd64, Self.arm64])
    }

    @Test("share nothing that stands on different bases")
    func apart() throws {
        let graph = try combined("FROM base\nRUN a\nRUN b\n")
        #expect(titles(graph) == ["amd64: RUN a", "amd64: RUN b", "arm64: RUN a", "arm64: RUN b"])
    }

    @Test("tell a warning once, and name no platform if there is one")
    func single() throws {
        let recipe = "FROM base\nRUN a\nRUN a\n"
        #expect(titles(try combined(recipe, [Self.arm64])) == ["all: RUN a", "all: RUN a"])
    }
}
