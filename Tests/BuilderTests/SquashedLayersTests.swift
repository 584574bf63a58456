import Layers
import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("Small layers of which there are many", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct SquashedLayersTests {
    private let bench: MountBench
    private var store: Store { bench.images.store }
    private var snapshots: SnapshotProvider { SnapshotProvider(store: store, threads: 2) }

    init() throws { bench = try MountBench() }

    /// The base, which is large, and so many steps of which each makes a small layer.
    private static func recipe(_ steps: Int, _ line: (Int) -> String = { "WORKDIR /w\($0)" }) -> String {
        "FROM busybox\n" + (1...steps).map { "\(line($0))\n" }.joined()
    }

    private func mounted(_ layers: [DiffID]) throws -> (folders: [FilePath], each: [FilePath]) {
        let squashed = SquashedLayers(snapshots, store)
        return (try squashed.folders(for: layers), try snapshots.folders(for: layers))
    }

    @Test("are mounted one by one as long as they are few")
    func few() async throws {
        let layers = try await bench.build(Self.recipe(63)).image.diffIDs
        let (folders, each) = try mounted(layers)
        #expect(folders == each)
    }

    @Test("are mounted as a few folders, but for the last")
    func many() async throws {
        let layers = try await bench.build(Self.recipe(80)).image.diffIDs
        let squashed = SquashedLayers(snapshots, store)
        let (folders, each) = (try squashed.folders(for: layers), try snapshots.folders(for: layers))
        #expect(folders.count == 20)
        #expect(folders.first == each.first)
        #expect(folders.suffix(17) == each.suffix(17))
        #expect(try Folder(opening: folders[1]).entries().count == 31)
        #expect(try squashed.folders(for: layers.dropLast()).prefix(3) == folders.prefix(3))
        #expect(try squashed.folders(for: Array(layers.prefix(65))).count == 4)
    }

    @Test("leave large ones between them as they are")
    func large() async throws {
        let layers = try await bench.build(
            Self.recipe(70) {
                switch $0 {
                case 10: "RUN head -c 70000 /dev/zero >/large"
                case 20: "RUN mkdir /many && cd /many && for i in $(seq 65); do echo >$i; done"
                case _: "WORKDIR /w\($0)"
                }
            }
        ).image.diffIDs
        let (folders, each) = try mounted(layers)
        #expect(folders.count == 14)
        #expect([folders[0], folders[2], folders[4]] == [each[0], each[10], each[20]])
    }

    @Test("count as few where something is to run on more than Linux mounts")
    func beyond() async throws {
        let made = try await bench.build(Self.recipe(520) + "RUN ls -d /w* | wc -l\n")
        #expect(made.output == "520\n")
    }

    @Test("show together what they show one by one, whatever was done in them", arguments: 1...6)
    func law(seed: Int) async throws {
        try bench.images.shell("echo tool >tool; chmod 4750 tool; setfattr -n user.mark -v kept tool")
        try bench.images.shell("tar --xattrs -cf context/marked.tar tool")
        var changes = Changes(seed: UInt64(seed))
        let recipe = Self.recipe(100) {
            switch $0 {
            case 1: "ADD --chown=7:8 marked.tar /t/a/"
            case 2:
                "RUN mkdir -p /t/a/b/c /t/d /t/e /t/passed && cd /t && echo 1 >a/1 && ln a/1 a/b/2 && ln -s a d/link"
            case _: "RUN cd /t && \(changes.next(at: $0))"
            }
        }
        let layers = try await bench.build(recipe).image.diffIDs
        let (folders, each) = try mounted(layers)
        #expect(folders.count < each.count - 50)
        let differences = try Self.listing(of: folders).difference(from: Self.listing(of: each))
        #expect(differences.isEmpty, "\(differences)")
    }

    /// Everything below `/t`, in a line for each: what it is, and which names are one file.
    private static func listing(of folders: [FilePath]) throws -> [String] {
        let tree = try MergedTree(layers: folders)
        var lines: [String] = []
        var first: [UInt64: TreePath] = [:]
        var pending = [try #require(try tree.lookup(TreePath(normalising: "t")))]
        while let found = pending.popLast() {
            let status = found.status
            var words = [
                "\(found.path)", "\(status.kind)", "\(status.mode)", "\(status.owner):\(status.group)",
                "\(status.modified)", "\(try tree.attributes(of: found))",
            ]
            switch status.kind {
            case .folder: pending += try tree.entries(of: found).reversed()
            case .regular:
                words.append(String(decoding: try tree.open(found).readAll(limit: 1 << 20), as: UTF8.self))
                fallthrough
            case _:
                if status.kind == .symbolicLink { words.append("\(try tree.linkTarget(of: found))") }
                words.append("\(first[status.inode, default: found.path])")
                first[status.inode] = first[status.inode] ?? found.path
            }
            lines.append(words.joined(separator: " "))
        }
        return lines
    }
}

/// Small changes of a few files and folders, chosen by a generator that a seed decides.
private struct Changes {
    private static let folders = ["a", "a/b", "a/b/c", "d", "d/e", "e", "d/link"]
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func pick(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }

    /// What comes with one step and goes with the next: of all that nothing is left but the folder's time.
    private static func passing(at number: Int) -> String {
        guard number < 64 else { return "true" }
        let file = "passed/file"
        return "\(number.isMultiple(of: 2) ? "echo >\(file)" : "rm -f \(file)"); touch -d @\(number) passed"
    }

    private mutating func folder() -> String { Self.folders[pick(Self.folders.count)] }
    private mutating func path() -> String { "\(folder())/\(["1", "2", "3", "x", "b", "tool"][pick(6)])" }

    /// A line for the shell that does not fail; `number` is what it writes, and the time that it may leave.
    mutating func next(at number: Int) -> String {
        let change =
            switch pick(15) {
            case 0: "rm -rf \(folder())"
            case 1, 2: "mkdir -p \(folder())"
            case 3: "f=\(folder()); rm -rf $f; mkdir -p $f; echo \(number) >$f/2"
            case 4, 5: "f=\(path()); [ -p $f ] || echo \(number) >$f"
            case 6: "rm -rf \(path())"
            case 7: "mv -f \(path()) \(path())"
            case 8: "ln -f \(path()) \(path())"
            case 9: "ln -sfn ../\(path()) \(path())"
            case 10: "chmod \(["600", "755", "4711"][pick(3)]) \(path())"
            case 11: "chown -h \(pick(3)):\(pick(3_000_000)) \(path())"
            case 12: "f=\(path()); rm -rf $f; mkfifo $f"
            case 13: "f=\(path()); rm -rf $f; mkdir $f; echo \(number) >$f/in"
            case _: "touch -d @\(number) \(path())"
            }
        return "{ \(change); } 2>/dev/null; \(Self.passing(at: number)); touch \(number); rm -f \(number - 1)"
    }
}
