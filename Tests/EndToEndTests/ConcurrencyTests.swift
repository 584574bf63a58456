import Testing

@Suite("Builds at the same time on one store", .needsRoot)
struct ConcurrencyTests {
    private static func recipe(_ name: String) -> String {
        """
        FROM busybox
        COPY common.txt /common.txt
        RUN echo common; cat /common.txt | sha256sum >/common.sum
        RUN echo \(name) >/name
        """
    }

    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/common.txt", "in common\n")
        return bench
    }

    private func start(_ name: String, on bench: Bench, output: String) throws -> Running {
        try bench.write("Recipe.\(output)", Self.recipe(name))
        return try bench.start(["--progress=plain", "-f", "../Recipe.\(output)", "-o", "../\(output).tar", "."])
    }

    /// What a recipe gives when nobody disturbs it.
    private func expected(_ name: String) throws -> String {
        try expectSuccess(try start(name, on: try bench(), output: "alone").finish())
    }

    @Test("do what both need once, with the same recipe")
    func same() throws {
        let bench = try bench()
        let running = try (1...3).map { try start("one", on: bench, output: "same-\($0)") }
        let outcomes = try running.map { try $0.finish() }
        let digest = try expected("one")
        for outcome in outcomes { #expect(try expectSuccess(outcome) == digest) }
        #expect(outcomes.flatMap(\.executed).count == 3, "\(outcomes)")
        let archives = try (1...3).map { try bench.read("same-\($0).tar") }
        #expect(archives.allSatisfy { $0 == archives[0] })
        try bench.expectUsableStore()
    }

    @Test("come to what each comes to alone, with different recipes")
    func different() throws {
        let bench = try bench()
        let names = ["one", "two", "three"]
        let running = try names.map { try start($0, on: bench, output: $0) }
        let outcomes = try running.map { try $0.finish() }
        for (name, outcome) in zip(names, outcomes) { #expect(try expectSuccess(outcome) == (try expected(name))) }
        // What the recipes have in common is done by one of them, what they have not by each.
        let executed = outcomes.flatMap(\.executed)
        #expect(executed.filter { $0.contains("common") }.count == 2, "\(outcomes)")
        #expect(executed.count == 5, "\(outcomes)")
        try bench.expectUsableStore()
    }

    @Test("do nothing that one of them had finished before the other began")
    func later() throws {
        let bench = try bench()
        let slow = "FROM busybox\nCOPY common.txt /common.txt\nRUN cat /common.txt >/a\nRUN echo up; sleep 86400\n"
        let first = try bench.start(try bench.buildArguments(slow, []))
        #expect(try first.line { $0.hasSuffix(" up") } != nil)
        // The first still runs.
        let quick = slow.replacing("sleep 86400", with: "true")
        let second = try bench.start(try bench.buildArguments(quick, [])).finish()
        try expectSuccess(second)
        #expect(second.executed == ["RUN echo up; true"], "\(second)")
        first.signal(15)
        #expect(try first.ended().exitCode == 143)
        try bench.expectUsableStore()
    }

    @Test("come to the right digest when all begin in a store that is not there yet")
    func newStore() throws {
        let bench = try Bench()
        try bench.write("base.tar", try Base.tar())
        try bench.write("context/common.txt", "in common\n")
        let source = "--build-context=busybox=../base.tar"
        let running = try ["one", "one", "two"].enumerated().map { number, name in
            try bench.write("Recipe.\(number)", Self.recipe(name))
            return try bench.start(["-f", "../Recipe.\(number)", "-o", "../\(number).tar", source, "."])
        }
        let digests = try running.map { try expectSuccess(try $0.finish()) }
        #expect(digests == [try expected("one"), try expected("one"), try expected("two")])
    }
}
