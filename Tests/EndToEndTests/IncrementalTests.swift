import Testing

@Suite("A build that was done before", .needsRoot)
struct IncrementalTests {
    private static let recipe = """
        FROM busybox
        RUN echo one >/one
        COPY a.txt /a.txt
        RUN cat /a.txt >/copy
        COPY b.txt /b.txt
        RUN cat /copy /b.txt >/both
        """

    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("context/a.txt", "first\n")
        try bench.write("context/b.txt", "second\n")
        return bench
    }

    @Test("runs nothing, though its output lies in its context")
    func output() throws {
        let bench = try bench()
        try bench.write("context/Recipe", "FROM busybox\nCOPY . .\nRUN ls -R / >/tmp/list\n")
        let first = try bench.layerbuild(".", "--progress=plain", "-t", "image")
        let tar = try bench.read("context/image.tar")
        for _ in 1...2 {
            let next = try bench.layerbuild(".", "--progress=plain", "-t", "image")
            #expect(try expectSuccess(next) == (try expectSuccess(first)))
            #expect(next.executed.isEmpty, "\(next)")
            #expect(next.steps.count == 2, "\(next)")
            #expect(try bench.read("context/image.tar") == tar)
        }
        #expect(try bench.names(in: "context").sorted() == ["Recipe", "a.txt", "b.txt", "image.tar"])
    }

    @Test("runs nothing, though its output of another name and form lies in its context")
    func otherOutputs() throws {
        let bench = try bench()
        let recipe = "FROM busybox\nCOPY . /all\n"
        let flags = ["-o", "out/image.tar", "-o", "type=tar,dest=files.tar"]
        try bench.shell("mkdir context/out")
        let first = try bench.start(try bench.buildArguments(recipe, flags)).finish()
        let next = try bench.start(try bench.buildArguments(recipe, flags)).finish()
        #expect(try expectSuccess(next) == (try expectSuccess(first)))
        #expect(next.executed.isEmpty, "\(next)")
    }

    @Test("gives the archive that the first one gave, which began it while it packed")
    func sameArchive() throws {
        let bench = try bench()
        try bench.shell("mkdir context/many; seq 1 300 | while read n; do echo $n >context/many/$n; done")
        let recipe = Self.recipe + "\nCOPY many /many\nCOPY many /many\nRUN rm /many/7\n"
        let first = try expectSuccess(try bench.build(recipe, "-o", "../first.tar"))
        let next = try bench.build(recipe, "-o", "../next.tar")
        #expect(next.executed.isEmpty, "\(next)")
        #expect(try expectSuccess(next) == first)
        #expect(try bench.read("first.tar") == bench.read("next.tar"))
    }

    @Test("runs nothing after files were touched and not changed")
    func touch() throws {
        let bench = try bench()
        let first = try expectSuccess(try bench.build(Self.recipe))
        try bench.shell("touch -d '2001-02-03' context/a.txt; cp context/b.txt b; mv b context/b.txt")
        let next = try bench.build(Self.recipe)
        #expect(next.executed.isEmpty, "\(next)")
        #expect(try expectSuccess(next) == first)
    }

    @Test("runs exactly what depends on a changed file, and says why")
    func change() throws {
        let bench = try bench()
        let first = try expectSuccess(try bench.build(Self.recipe))
        try bench.write("context/b.txt", "other\n")
        let next = try bench.build(Self.recipe)
        #expect(next.executed == ["COPY b.txt /b.txt", "RUN cat /copy /b.txt >/both"], "\(next)")
        #expect(next.steps.count == 5)
        let reason = next.steps.first { $0.title.contains("COPY b.txt") }?.reason
        #expect(reason?.contains("b.txt") == true, "\(next)")
        #expect(try expectSuccess(next) != first)

        try bench.write("context/b.txt", "second\n")
        let back = try bench.build(Self.recipe)
        #expect(back.executed.isEmpty, "\(back)")
        #expect(try expectSuccess(back) == first)
    }

    @Test("gives many files, of which one changed, the layer that they have where nothing was built before")
    func oneOfMany() throws {
        let recipe = "FROM busybox\nCOPY many /many\n"
        let files = "mkdir context/many; for i in $(seq 60); do seq ${i}00000 ${i}60000 >context/many/$i; done"
        let change = "echo more >>context/many/40"
        let bench = try bench()
        try bench.shell(files)
        let first = try expectSuccess(try bench.build(recipe))
        try bench.shell(change)
        let next = try bench.build(recipe)
        #expect(next.executed == ["COPY many /many"], "\(next)")
        #expect(try expectSuccess(next) != first)

        let other = try self.bench()
        try other.shell("\(files); \(change)")
        #expect(try expectSuccess(next) == (try expectSuccess(try other.build(recipe))))
    }

    @Test("names the part of the instruction that changed")
    func reasons() throws {
        let bench = try bench()
        let recipe = "FROM busybox\nARG WORD\nRUN echo $WORD >/word\nRUN echo after\n"
        try expectSuccess(try bench.build(recipe, "--build-arg", "WORD=a"))
        let argument = try bench.build(recipe, "--build-arg", "WORD=b")
        #expect(argument.steps.first?.reason?.contains("WORD") == true, "\(argument)")
        let command = try bench.build("FROM busybox\nARG WORD\nRUN echo -n $WORD >/word\n", "--build-arg", "WORD=b")
        #expect(command.steps.first?.isCached == false, "\(command)")
        #expect(command.steps.first?.reason?.isEmpty == false, "\(command)")
    }

    @Test("stops invalidating where a step comes to the same content")
    func sameContent() throws {
        let bench = try bench()
        let recipe = """
            FROM busybox AS count
            COPY a.txt /in
            RUN wc -l </in >/count
            FROM busybox
            COPY --from=count /count /count
            RUN cat /count >/end
            """
        let first = try expectSuccess(try bench.build(recipe))
        try bench.write("context/a.txt", "other\n")
        let next = try bench.build(recipe)
        #expect(next.steps.first { $0.title.contains("RUN wc") }?.isCached == false, "\(next)")
        #expect(next.steps.last?.isCached == true, "\(next)")
        #expect(try expectSuccess(next) == first)
    }

    @Test("runs everything with `--no-cache`, to the same digest")
    func noCache() throws {
        let bench = try bench()
        let first = try expectSuccess(try bench.build(Self.recipe))
        let next = try bench.build(Self.recipe, "--no-cache")
        #expect(next.executed.count == 5, "\(next)")
        #expect(try expectSuccess(next) == first)
    }

    @Test("Steps that are executed again, over snapshots that are there already, give the same image")
    func everyStepAgain() throws {
        let bench = try Bench()
        try bench.importBase()
        let recipe = """
            FROM busybox
            RUN mkdir /a; seq 1000 >/a/b
            RUN rm /bin/vi; seq 2000 >/a/c
            RUN cat /a/b /a/c >/d
            """
        let first = try expectSuccess(try bench.build(recipe))
        for _ in 0..<3 { #expect(try expectSuccess(try bench.build(recipe, "--no-cache")) == first) }
    }
}
