import Testing

/// What a recipe may name, in all the forms in which it can be given.
@Suite("Named contexts and images", .needsRoot)
struct NamedContextTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
    }

    /// Makes an image that says who it is, in every form that has a name of its own on the command line.
    private func makeImage() throws {
        try expectSuccess(
            try bench.build(
                "FROM busybox\nRUN echo the image >/who\n", "-t", "who:1", "-o", "type=oci-dir,dest=../layout", "-o",
                "type=oci,dest=../oci.tar", "-o", "type=docker,dest=../docker.tar", "-o", "type=tar,dest=../root.tar"))
    }

    private func who(_ recipe: String, _ flags: String...) throws -> String {
        let arguments = try bench.buildArguments(recipe, flags + ["-o", "type=local,dest=../files"])
        try expectSuccess(try bench.start(arguments).finish())
        return try bench.shell("cat files/who")
    }

    @Test(
        "are images in every form",
        arguments: [
            "../layout", "oci:../layout", "oci-layout://../layout", "../oci.tar", "oci-archive:../oci.tar",
            "../docker.tar", "docker-archive:../docker.tar", "../root.tar", "rootfs:../root.tar",
            "docker-image://who:1",
        ])
    func images(source: String) throws {
        try makeImage()
        let context = ["--build-context", "named=\(source)"]
        #expect(try who("FROM named\n", context[0], context[1]) == "the image")
        #expect(try who("FROM scratch\nCOPY --from=named /who /\n", context[0], context[1]) == "the image")
        let mounted = "FROM busybox\nRUN --mount=from=named,target=/n cp /n/who /who\n"
        #expect(try who(mounted, context[0], context[1]) == "the image")
    }

    @Test("are folders, of which the ignore file of the main one hides nothing")
    func folders() throws {
        try bench.write("other/who", "the folder\n")
        try bench.write("context/.dockerignore", "who\n")
        try bench.write("context/who", "the context\n")
        let context = ["--build-context", "named=../other"]
        #expect(try who("FROM scratch\nCOPY --from=named who /\n", context[0], context[1]) == "the folder")
        let mounted = "FROM busybox\nRUN --mount=from=named,target=/n cp /n/who /who\n"
        #expect(try who(mounted, context[0], context[1]) == "the folder")
    }

    @Test("that are folders have ignore files of their own")
    func ignoreFiles() throws {
        try bench.write("other/who", "the folder\n")
        try bench.write("other/hidden/file", "nobody\n")
        try bench.write("other/.dockerignore", "hidden\n")
        let context = ["--build-context", "named=../other"]
        for recipe in ["FROM scratch\nCOPY --from=named . /\n", "FROM named\nLABEL a=b\n"] {
            #expect(try who(recipe, context[0], context[1]) == "the folder")
            #expect(try bench.shell("ls files") == "who")
        }
    }

    @Test("come before stages and images of their name")
    func precedence() throws {
        try bench.write("other/who", "the folder\n")
        let stage = "FROM busybox AS named\nRUN echo the stage >/who\nFROM scratch\nCOPY --from=named /who /\n"
        #expect(try who(stage) == "the stage")
        #expect(try who(stage, "--build-context", "named=../other") == "the folder")
        #expect(
            try who("FROM scratch\nCOPY --from=busybox who /\n", "--build-context", "busybox=../other")
                == "the folder")
    }

    @Test("that are not given are images of the store")
    func storedImages() throws {
        try makeImage()
        #expect(try who("FROM scratch\nCOPY --from=who:1 /who /\n") == "the image")
        #expect(try who("FROM busybox\nRUN --mount=from=who:1,target=/n cp /n/who /who\n") == "the image")
    }

    // MARK: - Triggers

    @Test("of a base leave triggers, which run in the next build and in no later one")
    func triggers() throws {
        let base = "FROM busybox\nONBUILD COPY who /\nONBUILD RUN echo triggered >>/who\n"
        try expectSuccess(try bench.build(base, "-t", "base"))
        try bench.write("context/who", "the context\n")
        #expect(try who("FROM base\n", "-t", "child") == "the context\ntriggered")
        try bench.write("context/who", "nobody\n")
        #expect(try who("FROM child\nRUN echo grown >>/who\n") == "the context\ntriggered\ngrown")
    }

    @Test("of a base leave triggers that need further images")
    func triggersWithSources() throws {
        try makeImage()
        try expectSuccess(try bench.build("FROM busybox\nONBUILD COPY --from=who:1 /who /\n", "-t", "base"))
        #expect(try who("FROM base\n") == "the image")
    }
}

/// What holds for a whole build and is given from outside.
@Suite("Arguments from outside", .needsRoot)
struct OutsideArgumentTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.importBase()
    }

    @Test("that are proxies reach the steps, and neither the image nor the keys of steps")
    func proxies() throws {
        let recipe = "FROM busybox\nRUN test -n \"$HTTP_PROXY$no_proxy\" && date >/made\n"
        func build(_ host: String) throws -> Outcome {
            try bench.build(
                recipe, "--build-arg", "http_proxy=http://\(host)", "--build-arg", "NO_PROXY=\(host)", "-o",
                "type=oci-dir,dest=../layout", "--compression", "none")
        }
        let first = try build("one.proxy.example")
        try expectSuccess(first)
        #expect(first.executed.count == 1)
        let second = try build("two.proxy.example")
        try expectSuccess(second)
        #expect(second.executed.isEmpty)
        #expect(try bench.shell("grep -rlaF proxy.example layout store || true") == "")
    }

    @Test("that are proxies and that an ARG declares are in the history, and part of the key")
    func declaredProxies() throws {
        let recipe = "FROM busybox\nARG http_proxy\nRUN date >/made\n"
        for host in ["one", "two"] {
            let outcome = try bench.build(
                recipe, "--build-arg", "http_proxy=\(host).proxy.example", "-o", "type=oci-dir,dest=../layout")
            try expectSuccess(outcome)
            #expect(outcome.executed.count == 1)
        }
        #expect(try bench.shell("grep -rlaF two.proxy.example layout | wc -l") == "1")
    }
}
