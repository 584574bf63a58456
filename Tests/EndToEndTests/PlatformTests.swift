import SystemPackage
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

    /// busybox, which runs a program by the last part of its path, stands in for an emulator of a machine that there is
    /// not. What is registered is gone with the shell that did it; the kernel's list is mounted for it alone.
    private static let registering = """
        mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
        name=layerbuild-$$
        trap 'echo -1 >/proc/sys/fs/binfmt_misc/$name' EXIT
        magic='\\x7fELF\\x02\\x01\\x01'
        printf '%s' ":$name:M:16:\\x02\\x00\\x34\\x12::$1:$2" >/proc/sys/fs/binfmt_misc/register
        shift 2
        "$@"
        """

    private static let canRegister =
        (try? Bench().shell("unshare -m mount -t binfmt_misc none /proc/sys/fs/binfmt_misc")) != nil

    @Test(
        "runs them with an emulator, if the kernel has it open or finds it in the image",
        .enabled(if: canRegister, "needs the right to register emulators"))
    func emulated() throws {
        try bench.shell(
            """
            cp root/bin/busybox root/bin/emulated; cp /bin/busybox busybox-emulator
            printf '\\x02\\x00\\x34\\x12' | dd of=root/bin/busybox bs=1 seek=16 conv=notrunc status=none
            """)
        let imported = try bench.layerbuild("import", "rootfs:../root", "-t", "strange")
        try #require(imported.exitCode == 0, "\(imported)")
        let arguments = try bench.buildArguments("FROM strange\nRUN echo it runs\n", ["--no-cache"])
        func build(_ interpreter: String, _ flags: String) throws -> Outcome {
            let prefix = ["unshare", "-m", "bash", "-euc", Self.registering, "bash", interpreter, flags]
            return try bench.start(arguments, by: prefix).finish()
        }
        let open = try build(bench.appending("busybox-emulator").string, "F")
        #expect(try !expectSuccess(open).isEmpty && open.error.contains(" it runs\n"), "\(open)")
        let lost = try build("/nowhere/emulator", "")
        expectFailure(
            lost, exit: 7, saying: "error[foreign-program]", "machine 4660", "`/nowhere/emulator`", "the flag F")
    }
}
