import Frontend
import Glibc
import Layers
import Linux
import OCI
import Testing

@testable import Builder

@Suite("ADD of an archive") struct ArchiveSpoolTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    /// The layer that extracting `archive` makes over what `lower` makes; `nil` if it is no archive.
    private func extract(
        _ archive: String, over lower: String = ":", to destination: String = "/", owner: Ownership? = nil
    ) throws -> [PlannedEntry]? {
        try bench.shell("umask 022; rm -rf lower; mkdir lower; cd lower; \(lower)")
        let tree = try MergedTree(layers: [bench.appending("lower")])
        var planner = CopyPlanner(
            destination: Destination(lower: tree), owner: owner, mode: ModeChange("700"), excludes: nil, now: 5)
        var spool = try ArchiveSpool(in: bench.path)
        guard try spool.extract(try File(opening: bench.appending(archive)), with: &planner, to: destination) else {
            return nil
        }
        var changes = try planner.changes()
        return try changes.all()
    }

    private func lines(_ entries: [PlannedEntry]?) -> [String]? { entries?.map(\.entry.line) }

    @Test("A file that is no archive is told from one, whatever it is called")
    func recognition() throws {
        try bench.shell("echo text >fake.tar; mkdir t; touch t/f; tar -C t -czf real.txt f")
        #expect(try extract("fake.tar") == nil)
        #expect(try lines(extract("real.txt")) == ["f"])
    }

    @Test("Modes and owners are the archive's, and its root changes nothing")
    func metadata() throws {
        try bench.shell(
            "mkdir -m 711 t; touch t/f; chmod 640 t/f; tar -C t --owner=7 --group=8 --numeric-owner -cf a.tar .")
        #expect(try extract("a.tar", to: "/n")?.map(\.entry.metadata) == ["n/ 755 0:0", "n/f 640 7:8"])
        #expect(
            try extract("a.tar", to: "/n", owner: Ownership(user: 1, group: 2))?.map(\.entry.metadata)
                == ["n/ 755 1:2", "n/f 640 1:2"])
    }

    @Test("An archive takes its destination for the root: links in it lead nowhere else")
    func confinement() throws {
        try bench.shell(
            """
            mkdir -p t/real u/link/new v/up; ln -s /real t/link; ln -s ../../../real t/up
            touch u/link/f u/link/new/f v/up/g
            tar -C t -cf a.tar real link up; tar -C u -rf a.tar link/f; tar -C v -rf a.tar up/g
            tar -C u -cf b.tar link/new/f
            """)
        #expect(
            try lines(extract("a.tar", over: "mkdir real", to: "/d"))
                == ["d/", "d/link=/real", "d/real/", "d/real/f", "d/real/g", "d/up=../../../real"])
        #expect(
            try lines(extract("b.tar", over: "mkdir real; ln -s /real link")) == ["real/", "real/new/", "real/new/f"])
        #expect {
            try extract("b.tar", over: "mkdir -p real d; ln -s /real d/link", to: "/d")
        } throws: { ($0 as? BuildError)?.code == "layer" }
    }

    @Test("Links on the way are followed within the root; a file gives way to the archive's")
    func merging() throws {
        try bench.shell("mkdir -p t/lib; echo 1 >t/lib/x; tar -C t -cf a.tar lib/x")
        #expect(
            try lines(extract("a.tar", over: "mkdir -p usr/lib; ln -s /usr/lib lib; ln -s /etc usr/lib/x"))
                == ["usr/", "usr/lib/", "usr/lib/x"])
    }

    @Test("Hard links lead to the contents through other links, and keep them when a name is written again")
    func hardLinks() throws {
        try bench.shell(
            """
            mkdir t u; echo one >t/b; ln t/b t/a; ln t/b t/c; echo other >u/b
            tar -C t -cf a.tar b a c; tar -C u -rf a.tar b
            """)
        let entries = try #require(try extract("a.tar"))
        #expect(lines(entries) == ["a", "b", "c==a"])
        #expect(entries[0].entry.kind == .file(size: 4))
        #expect(entries[1].entry.kind == .file(size: 6))
    }
}
