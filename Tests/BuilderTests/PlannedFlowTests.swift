import Frontend
import Layers
import OCI
import Testing

@testable import Builder

@Suite("A folder that is planned while it is written") struct PlannedFlowTests {
    private static let script = """
        mkdir -p s/a/in s/b s/empty s/z.d; touch s/a/1 s/a/in/2 s/b/3 s/b-4 s/z.d/5; ln -s a s/link; chmod 750 s/b
        find s -exec touch -hd @5 {} +
        """

    private func expectSame(_ bench: CopyBench, _ source: String, to destination: String) throws {
        let flow = try bench.flow(source, to: destination)
        let plan = try bench.entries([source], to: destination)
        #expect(flow.map(\.entry) == plan.map(\.entry))
        #expect(!flow.isEmpty)
    }

    @Test("gives what a plan that is made before gives", arguments: ["/", "/new/", "/there", "/a/b/c", "/link/x"])
    func same(destination: String) throws {
        let lower = "mkdir -p there/a; echo new >there/b-4; touch -d @5 there/b-4; ln -s there link"
        try expectSame(CopyBench(context: Self.script, lower: lower), "s", to: destination)
        try expectSame(CopyBench(context: Self.script, lower: lower, ignoring: "s/*\n!s/a/in"), "s", to: destination)
        var bench = try CopyBench(context: Self.script, lower: lower)
        bench.owner = Ownership(user: 7, group: 8)
        bench.excludes = try IgnorePatterns(["b", "a/in/2"].map { Array($0.utf8) })
        try expectSame(bench, "s", to: destination)
        try expectSame(bench, "/", to: destination)
        bench.parents = true
        try expectSame(bench, "./s/a", to: destination)
    }

    @Test("leaves out what is there already")
    func covered() throws {
        let bench = try CopyBench(context: Self.script, lower: Self.script)
        #expect(try bench.flow("s", to: "/s/").isEmpty)
        try expectSame(bench, "s/a", to: "/s")
    }

    @Test("keeps further names of a file apart from the file where nothing is below")
    func hardLinks() throws {
        var bench = try CopyBench(context: "mkdir s; echo 1 >s/a; ln s/a s/b; ln s/a s/c")
        bench.lower = try MergedTree(layers: [])
        #expect(try bench.flow("s", to: "/").map(\.entry.line) == ["a", "b==a", "c==a"])
        try expectSame(bench, "s", to: "/d/")
    }

    @Test("says of a folder that cannot replace a file that it cannot")
    func obstacle() throws {
        let bench = try CopyBench(context: Self.script, lower: "mkdir d; touch d/a")
        #expect { try bench.flow("s", to: "/d/") } throws: { ($0 as? BuildError)?.code == "not-a-folder" }
    }

    @Test("A walk says whether a file may have several names", arguments: ["mkdir a; touch a/1", "touch b; ln b c"])
    func names(script: String) throws {
        #expect(try CopyBench(context: script).context.mayHoldHardLinks == script.contains("ln"))
    }
}
