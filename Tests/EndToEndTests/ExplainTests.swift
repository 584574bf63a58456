import Testing

@Suite("An explanation of a build", .needsRoot)
struct ExplainTests {
    private static let recipe = """
        FROM busybox
        RUN echo one >/one
        COPY a.txt b.txt /srv/
        RUN cat /srv/a.txt >/copy
        """

    private func verdicts(_ bench: Bench, _ recipe: String, _ flags: String...) throws -> String {
        let arguments = try bench.buildArguments(recipe, flags).filter { $0 != "--progress=plain" }
        let outcome = try bench.start(["explain", "--json"] + arguments).finish()
        try #require(outcome.exitCode == 0, "\(outcome)")
        try bench.write("explained.json", outcome.output)
        return try bench.shell("jq -r '.[] | .verdict + \" \" + ((.reasons // []) | join(\"; \"))' explained.json")
    }

    @Test("says of each step whether it is cached, what changed, or what it waits for; and runs none")
    func verdicts() throws {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/a.txt", "a\n")
        try bench.write("context/b.txt", "b\n")
        #expect(try verdicts(bench, Self.recipe) == "missed not built before\nunknown \nunknown ")
        try expectSuccess(try bench.build(Self.recipe))
        #expect(try verdicts(bench, Self.recipe) == "cached \ncached \ncached ")
        try bench.write("context/a.txt", "other\n")
        try bench.write("context/b.txt", "another\n")
        #expect(
            try verdicts(bench, Self.recipe) == "cached \nmissed file a.txt changed; file b.txt changed\nunknown ")
        // Nothing was executed or noted: the next build says the same.
        let next = try bench.build(Self.recipe)
        #expect(next.executed.count == 2, "\(next)")
        let text = try bench.layerbuild("explain", "-f", "../Recipe", "-o", "type=none", "--no-cache", ".")
        #expect(text.output.contains("not cached: the cache is not asked"), "\(text)")
    }
}
