import Testing

@Suite("A build for another machine", .needsRoot)
struct PlatformTests {
    private let bench: Bench

    /// A base for two platforms: this one's, and one whose programs say that they are for another.
    init() throws {
        bench = try Bench()
        try bench.importBase()
        try bench.shell(
            """
            mkdir root; tar -C root -xf base.tar
            printf '\\x16\\x00' | dd of=root/bin/busybox bs=1 seek=18 conv=notrunc status=none
            """)
        let outcome = try bench.layerbuild("import", "--platform", "linux/s390x", "rootfs:../root", "-t", "foreign")
        try #require(outcome.exitCode == 0, "\(outcome)")
    }

    @Test("says that its programs do not run here, and what would make them")
    func foreign() throws {
        let outcome = try bench.build("FROM foreign\nRUN true\n", "--platform", "linux/s390x")
        expectFailure(
            outcome, exit: 7, saying: "error[foreign-program]", "s390x", "binfmt_misc", "$BUILDPLATFORM", "Recipe:2:1")
    }

    @Test("needs none of that machine if a stage for this one does the work")
    func crossCompiling() throws {
        let recipe = """
            FROM --platform=$BUILDPLATFORM busybox AS build
            ARG TARGETARCH
            RUN echo made for $TARGETARCH >/out
            FROM foreign
            COPY --from=build /out /out
            """
        try expectSuccess(try bench.build(recipe, "--platform", "linux/s390x", "-o", "type=local,dest=../out/"))
        #expect(try bench.read("out/out") == Array("made for s390x\n".utf8))
    }
}
