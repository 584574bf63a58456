import Testing

@Suite("A context from elsewhere", .needsRoot)
struct RemoteContextTests {
    let bench: Bench
    let server: WebServer

    init() throws {
        bench = try Bench()
        server = try WebServer(on: bench)
        try server.repository(
            "r",
            """
            mkdir sub; printf 'FROM scratch\\nCOPY . /\\n' >Dockerfile; cp Dockerfile sub/Recipe; echo in >sub/in.txt
            printf 'FROM scratch\\nCOPY sub/in.txt /other\\n' >Other; ln -s /etc/hostname outside
            printf 'outside\\n' >.dockerignore; git add -A; git commit -qm first
            """)
    }

    private var address: String { "\(server.address)/git/r.git" }

    private func files(_ arguments: [String]) throws -> [String] {
        let flags = ["--progress=plain", "-o", "type=local,dest=../out/"]
        try expectSuccess(try bench.start(flags + arguments).finish())
        let list = try bench.shell("cd out && find . -type f -o -type l | sort; rm -r ../out")
        return list.split(separator: "\n").map(String.init)
    }

    @Test("is a repository with its recipe and its ignore file")
    func repository() throws {
        #expect(try files([address]) == ["./.dockerignore", "./Dockerfile", "./Other", "./sub/Recipe", "./sub/in.txt"])
        #expect(try files(["\(address)#main:sub"]) == ["./Recipe", "./in.txt"])
        #expect(try files(["-f", "Other", address]) == ["./other"])
    }

    @Test("says what changed in it")
    func reason() throws {
        let flags = ["--progress=plain", "-o", "type=none", address]
        try expectSuccess(try bench.start(flags).finish())
        #expect(try bench.start(flags).finish().executed.isEmpty)
        try server.repository("r", "echo more >sub/in.txt; git commit -qam second")
        let outcome = try bench.start(flags).finish()
        #expect(outcome.steps.first?.reason?.contains("in.txt") == true, "\(outcome)")
    }

    @Test("gives the image its name")
    func name() throws {
        try expectSuccess(try bench.layerbuild("--progress=plain", address))
        #expect(bench.exists("context/r.tar"))
    }

    @Test(
        "never makes the recipe a file of this machine",
        arguments: ["outside", "../../../../etc/hostname", "/etc/hostname"])
    func confined(recipe: String) throws {
        let outcome = try bench.layerbuild("--progress=plain", "-o", "type=none", "-f", recipe, address)
        expectFailure(outcome, exit: 3, saying: "the recipe ")
    }

    @Test("is an archive, or a recipe alone")
    func web() throws {
        try bench.shell("tar -czf web/files/c.tgz -C work/r Dockerfile sub")
        #expect(try files(["\(server.address)/files/c.tgz"]) == ["./Dockerfile", "./sub/Recipe", "./sub/in.txt"])
        try server.serve("recipe", "FROM scratch\nCOPY <<end /a\nend\n")
        #expect(try files(["\(server.address)/files/recipe"]) == ["./a"])
        #expect(try files(["-f", "\(server.address)/files/recipe", "."]) == ["./a"])
    }

    @Test("may be one of several, by name")
    func named() throws {
        try bench.write("context/Recipe", "FROM scratch\nCOPY --from=src in.txt /\n")
        #expect(try files(["--build-context", "src=\(address)#:sub", "."]) == ["./in.txt"])
        try bench.write("context/Recipe", "FROM src\n")
        #expect(try files(["--build-context", "src=\(address)#:sub", "."]) == ["./Recipe", "./in.txt"])
    }

    /// When the image of these arguments says that it was made.
    private func created(_ epoch: String, _ arguments: String...) throws -> String {
        let flags = [
            "--progress=plain", "-o", "type=oci-dir,dest=../layout", "--build-arg", "SOURCE_DATE_EPOCH=\(epoch)",
        ]
        let outcome = try bench.start(flags + arguments).finish()
        try expectSuccess(outcome)
        return try bench.shell(
            "skopeo inspect --config oci:layout | sed -n 's/.*\\\"created\\\": \\\"\\([^\\\"]*\\)\\\".*/\\1/p' | head -n1; rm -r layout"
        )
    }

    @Test("gives the build its time if SOURCE_DATE_EPOCH says so")
    func time() throws {
        #expect(try created("context", address) == "2020-09-13T12:26:40Z")
        try bench.shell(
            """
            printf 'FROM scratch\\nCOPY . /\\n' >Recipe; touch -d @1500000000 Recipe; tar -cf web/files/undated.tar Recipe
            touch -d @1500000000 context; cp web/files/undated.tar web/files/dated.tar; touch -d @1400000000 web/files/dated.tar
            """)
        #expect(try created("context", "\(server.address)/files/undated.tar") == "2017-07-14T02:40:00Z")
        #expect(try created("context", "\(server.address)/files/dated.tar") == "2014-05-13T16:53:20Z")
        #expect(try created("context", "../web/files/undated.tar") == "2017-07-14T02:40:00Z")
        try bench.write(
            "context/Recipe", "FROM scratch AS source\nADD \(address) /\nFROM scratch\nCOPY <<end /a\nend\n")
        #expect(try created("source", ".") == "2020-09-13T12:26:40Z")
        #expect(try created("src", "--build-context", "src=\(address)", ".") == "2020-09-13T12:26:40Z")
        expectFailure(
            try bench.layerbuild("-o", "type=none", "--build-arg", "SOURCE_DATE_EPOCH=sourse", "."), exit: 2,
            saying: "error[bad-epoch]", "did you mean `source`?")
    }
}
