import SystemPackage
import Testing

@Suite("Cache mounts between machines", .needsRoot)
struct SharedMountTests {
    private let here: Bench
    private let there: Bench
    private let folder: FilePath

    init() throws {
        here = try Bench()
        there = try Bench()
        folder = here.appending("cache")
        for bench in [here, there] { try bench.importBase() }
    }

    private func recipe(_ command: String, _ options: String = "") -> String {
        "FROM busybox\nRUN --mount=type=cache,target=/m,id=kept\(options) \(command)\n"
    }

    private var to: String { "type=local,dest=\(folder)" }
    private var from: String { "type=local,src=\(folder)" }

    private static let making =
        "mkdir -p /m/d && echo one >/m/d/file && chmod 640 /m/d/file && chown 7:8 /m/d/file"
        + " && ln /m/d/file /m/same && ln -s d/file /m/link && chmod 711 /m"
    private static let telling = "stat -c '%n %a %u %g %h' /m /m/d/file /m/same && readlink /m/link && cat /m/same"

    @Test("A step that has to run on another machine finds what was in them here, as it was")
    func contents() throws {
        try expectSuccess(try here.build(recipe(Self.making), "--cache-to", to))
        let outcome = try there.build(recipe(Self.telling), "--cache-from", from)
        try expectSuccess(outcome)
        for line in ["/m 711 0 0 3", "/m/d/file 640 7 8 2", "/m/same 640 7 8 2", "d/file", "one"] {
            #expect(outcome.error.contains(" \(line)\n"), "\(line): \(outcome)")
        }
        // What is here already is not replaced.
        try expectSuccess(try here.build(recipe("echo two >/m/d/file"), "--cache-to", to))
        let again = try there.build(recipe("cat /m/d/file; true"), "--cache-from", from)
        #expect(try !expectSuccess(again).isEmpty && again.error.contains(" one\n"), "\(again)")
    }

    @Test("None goes along that is named, too large, or not wanted at all")
    func choice() throws {
        for (field, note) in [("without=kept", ""), ("mounts=0", ""), ("mounts=1kB", "is larger than 1000 bytes")] {
            let bench = try Bench()
            try bench.importBase()
            let outcome = try bench.build(recipe(Self.making), "--cache-to", "\(to),\(field)")
            try expectSuccess(outcome)
            #expect(note.isEmpty || outcome.error.contains(note), "\(outcome)")
            let other = try there.build(recipe("ls /m | wc -l"), "--no-cache", "--cache-from", from)
            #expect(try !expectSuccess(other).isEmpty && other.error.contains(" 0\n"), "\(field): \(other)")
        }
        expectFailure(try here.build(recipe("true"), "--cache-to", "\(to),mounts=much"), exit: 64, saying: "no size")
    }

    @Test("A damaged one is told of, and the step begins with an empty folder")
    func damaged() throws {
        try expectSuccess(try here.build(recipe(Self.making), "--cache-to", to))
        try here.shell(
            """
            for blob in cache/blobs/sha256/*; do
                case $(head -c 4 $blob | od -An -tx1 | tr -d ' ') in
                28b52ffd) chmod u+w $blob; printf x | dd of=$blob bs=1 seek=30 conv=notrunc status=none ;;
                esac
            done
            """)
        let outcome = try there.build(recipe("ls -A /m | wc -l"), "--cache-from", from)
        #expect(try !expectSuccess(outcome).isEmpty && outcome.error.contains(" 0\n"), "\(outcome)")
        #expect(outcome.error.contains("the cache mount `kept` cannot be had from the cache"), "\(outcome)")
    }

    @Test("A place that has lost chunks gets what there is, and the build is none the worse")
    func lost() throws {
        try expectSuccess(try here.build(recipe(Self.making), "--cache-to", to))
        try here.shell(
            """
            for blob in cache/blobs/sha256/*; do
                case $(head -c 4 $blob | od -An -tx1 | tr -d ' ') in
                28b52ffd) rm -f $blob ;;
                esac
            done
            """)
        // Nothing of the mount is here, and the place says that it has it.
        let cached = try there.build(recipe(Self.making), "--cache-from", from, "--cache-to", to)
        #expect(try !expectSuccess(cached).isEmpty && cached.executed.isEmpty, "\(cached)")
        let again = try here.build(recipe("cat /m/same"), "--cache-to", to)
        #expect(try !expectSuccess(again).isEmpty && again.error.contains(" one\n"), "\(again)")
        let third = try Bench()
        try third.importBase()
        let outcome = try third.build(recipe("cat /m/same; true"), "--cache-from", from)
        #expect(try !expectSuccess(outcome).isEmpty && outcome.error.contains(" one\n"), "\(outcome)")
    }

    @Test("What a build begins anew does not come from elsewhere")
    func anew() throws {
        try expectSuccess(try here.build(recipe("touch /m/file", ",mode=0700"), "--cache-to", to))
        let outcome = try there.build(recipe("ls -A /m | wc -l", ",mode=0700"), "--no-cache", "--cache-from", from)
        #expect(try !expectSuccess(outcome).isEmpty && outcome.error.contains(" 0\n"), "\(outcome)")
    }

    @Test("A change of one hundredth sends less than a twentieth, and a machine without the folder drops nothing")
    func traffic() throws {
        try here.shell("mkdir registry-blobs")
        let registry = try DockerRegistry(on: here)
        let place = "type=registry,ref=\(registry.host)/cache:main"
        func size() throws -> Int { try #require(Int(try here.shell("du -sb registry-blobs | cut -f1"))) }
        // Two hundred files of 40 kB that no compression makes smaller, and folders of them.
        let fill =
            "for d in 0 1 2 3 4 5 6 7 8 9; do mkdir /m/$d; for f in $(seq 20); do"
            + " head -c 40000 /dev/urandom >/m/$d/$f; done; done"
        let before = try size()
        try expectSuccess(try here.build(recipe(fill), "--cache-to", place))
        let first = try size()
        #expect(first - before > 8_000_000)

        let change = "for d in 3 7; do head -c 40000 /dev/urandom >/m/$d/11; done"
        try expectSuccess(try here.build(recipe(change), "--cache-to", place))
        let second = try size()
        #expect(second - first < 8_000_000 / 20, "\(second - first) bytes were sent")

        let third = try there.build(recipe(change), "--cache-from", place, "--cache-to", place)
        try expectSuccess(third)
        #expect(third.executed.isEmpty, "\(third)")
        #expect(try size() - second < 100_000)
        let last = try Bench()
        try last.importBase()
        let outcome = try last.build(recipe("cat /m/*/* | sha256sum"), "--cache-from", place)
        try expectSuccess(outcome)
        let sum = try here.shell("cat store/mounts/*/0/fs/*/* | sha256sum")
        #expect(outcome.error.contains(sum), "\(outcome)")
    }
}
