import Glibc
import Linux
import SystemPackage
import Testing

@Suite("A machine that is not as it should be", .needsRoot)
struct MachineTests {
    /// A file system in a file, mounted in a bench's folder.
    private final class Disk {
        let bench: Bench

        init(_ options: String) throws {
            let home = try Bench()
            bench = try Bench(root: home.appending("disk/store"))
            self.home = home
            try home.shell(
                "mkdir disk; truncate -s 64M disk.img; mkfs.ext4 -q -m0 \(options) disk.img; mount -o loop disk.img disk"
            )
        }

        private let home: Bench
        var folder: FilePath { home.appending("disk") }

        deinit { _ = umount2(folder.string, Int32(MNT_DETACH)) }
    }

    @Test("whose disk is full says so, and goes on when it is not", arguments: ["RUN", "COPY", "import"])
    func fullDisk(step: String) throws {
        let disk = try Disk("")
        let bench = disk.bench
        try bench.importBase()
        try bench.shell("head -c 90M /dev/urandom >context/large")
        let outcome =
            switch step {
            case "RUN": try bench.build("FROM busybox\nRUN head -c 90000000 /dev/urandom >/large\n")
            case "COPY": try bench.build("FROM busybox\nCOPY large /large\n")
            default: try bench.layerbuild("import", ".", "-t", "large")
            }
        if step == "RUN" {
            // The command is the one that finds the disk full.
            #expect([1, 5].contains(outcome.exitCode) && outcome.errorLine != nil, "\(outcome)")
            #expect(outcome.error.contains("No space left on device") || outcome.error.contains("space"), "\(outcome)")
        } else {
            expectFailure(outcome, exit: 5, saying: "space")
        }
        try bench.shell("rm context/large")
        try bench.expectUsableStore()
    }

    @Test("whose disk is full to the last byte says so, and goes on when it is not")
    func lastByte() throws {
        let disk = try Disk("")
        let bench = disk.bench
        try bench.importBase()
        try bench.write("context/file", [UInt8](repeating: 7, count: 1 << 16))
        try bench.shell("cat /dev/zero >'\(disk.folder)/filler' 2>/dev/null || true")
        let recipe = "FROM busybox\nCOPY file /file\nRUN cat /file >/copy\n"
        expectFailure(try bench.build(recipe), exit: 5, saying: "space")
        try bench.shell("rm '\(disk.folder)/filler'")
        try expectSuccess(try bench.build(recipe))
        try bench.expectUsableStore()
    }

    @Test("that has no file numbers left says so, and goes on when it has")
    func fileNumbers() throws {
        let disk = try Disk("-N 700")
        let bench = disk.bench
        try bench.importBase()
        try bench.shell("for n in $(seq 900); do echo $n >context/$n; done")
        expectFailure(try bench.build("FROM busybox\nCOPY . /all\nRUN ls /all\n"), exit: 5, saying: "space")
        let command = "i=0; while [ $i -lt 900 ]; do : >/$i || exit 1; i=$((i + 1)); done"
        expectFailure(try bench.build("FROM busybox\nRUN \(command)\n"), exit: 5, saying: "error[no-space]")
        try bench.shell("rm -r context; mkdir context")
        try bench.expectUsableStore()
    }

    @Test("whose disk has no room for the output says so and leaves none")
    func fullOutput() throws {
        let disk = try Disk("")
        let bench = try Bench()
        try bench.importBase()
        try bench.shell("head -c 90M /dev/urandom >context/large")
        let recipe = "FROM busybox\nCOPY large /large\n"
        expectFailure(try bench.build(recipe, "-o", "\(disk.folder)/image.tar"), exit: 5, saying: "space")
        #expect(try bench.shell("ls '\(disk.folder)'") == "lost+found")
        try expectSuccess(try bench.build(recipe))
        expectFailure(try bench.build(recipe, "-o", "/dev/full"), exit: 5)
        try bench.expectUsableStore()
    }

    @Test("whose files may not grow says so")
    func fileSize() throws {
        let bench = try Bench()
        try bench.importBase()
        try bench.shell("head -c 1M /dev/urandom >context/large")
        let arguments = try bench.buildArguments("FROM busybox\nCOPY large /large\n", [])
        let running = try bench.start(arguments, by: ["prlimit", "--fsize=100000"])
        expectFailure(try running.finish(), exit: 5, saying: "error[exhausted]", "ulimit -f")
        try bench.expectUsableStore()
    }

    @Test("whose store is read-only says so")
    func readOnly() throws {
        let disk = try Disk("")
        let bench = disk.bench
        try bench.importBase()
        try bench.shell("mount -o remount,ro '\(disk.folder)'")
        let outcome = try bench.build(Control.recipe)
        expectFailure(outcome, exit: 5, saying: "read-only")
        try bench.shell("mount -o remount,rw '\(disk.folder)'")
        try bench.expectUsableStore()
    }

    @Test("whose store lies on an overlay builds, with a warning")
    func overlay() throws {
        let home = try Bench()
        try home.shell(
            "mkdir lower upper work merged; mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged"
        )
        defer { _ = umount2(home.appending("merged").string, Int32(MNT_DETACH)) }
        let bench = try Bench(root: home.appending("merged/store"))
        try bench.importBase()
        try bench.write("context/file", "contents")
        let recipe =
            "FROM busybox\nCOPY file /file\nRUN rm /bin/vi; cat /file >/copy\nRUN test ! -e /bin/vi; cat /copy\n"
        let outcome = try bench.build(recipe)
        #expect(outcome.lines.contains { $0.contains("overlayfs") && $0.contains("memory") }, "\(outcome)")
        let usual = try Bench()
        try usual.importBase()
        try usual.write("context/file", "contents")
        #expect(try expectSuccess(outcome) == (try expectSuccess(try usual.build(recipe))))
        let next = try bench.build(recipe)
        #expect(next.executed.isEmpty, "\(next)")
        #expect(try Traces.mounts(below: bench.path).isEmpty)
        try bench.expectUsableStore()
    }

    @Test("on which the caller may not mount builds what has no RUN, and names the right that RUN needs")
    func noRights() throws {
        let bench = try Bench()
        try bench.write("base.tar", try Base.tar())
        try bench.write("context/file", "contents")
        try bench.shell(
            "mkdir home; chown 65534:65534 home; chmod 755 .; cp --dereference '\(Bench.program)' program; chmod 755 program"
        )
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "env"]
        let place = [
            "-u", "LAYERBUILD_ROOT", "XDG_DATA_HOME=\(bench.appending("home"))", bench.appending("program").string,
        ]
        func run(_ arguments: [String]) throws -> Outcome {
            try Running(nobody + place + arguments, on: bench, in: bench.appending("context")).finish()
        }
        let imported = try run(["import", "../base.tar", "-t", "busybox"])
        #expect(imported.exitCode == 0, "\(imported)")
        #expect(bench.exists("home/layerbuild/oci-layout"))

        let without = try run(
            try bench.buildArguments("FROM busybox\nCOPY file /file\nWORKDIR /w\n", ["-o", "../home/out.tar"]))
        try expectSuccess(without)
        #expect(bench.exists("home/out.tar"))

        let with = try run(try bench.buildArguments("FROM busybox\nRUN true\n", []))
        expectFailure(with, exit: 7, saying: "CAP_SYS_ADMIN", "mount", "--privileged")
        let after = try run(try bench.buildArguments("FROM busybox\nCOPY file /other\n", []))
        try expectSuccess(after)
    }
}
