import SystemPackage
import TestSupport
import Testing

/// Each test tries all archives one after the other on one store, which must have survived them in the end.
@Suite("An archive that tries to get out", .needsRoot)
struct HostileArchiveTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("outside/kept", "untouched")
        return bench
    }

    private func write(_ hostile: HostileArchive, on bench: Bench) throws {
        let outside = bench.appending("outside").string
        try bench.write("context/hostile.tar", TarBytes.archive { hostile.make(&$0, outside) })
    }

    /// It was contained, or refused in one clear line, and nothing outside has changed.
    private func expectContained(_ outcome: Outcome, _ hostile: HostileArchive, on bench: Bench) throws {
        if outcome.exitCode != 0 { expectFailure(outcome, exit: 3, saying: "hostile.tar") }
        #expect(try bench.names(in: "outside") == ["kept"], "\(hostile.name): \(outcome)")
        #expect(try bench.shell("cat outside/kept; stat -c ' %h' outside/kept") == "untouched 1", "\(hostile.name)")
    }

    @Test("does not, unpacked by ADD")
    func add() throws {
        let bench = try bench()
        for hostile in HostileArchive.all {
            try write(hostile, on: bench)
            let outcome = try bench.build("FROM busybox\nADD hostile.tar /\nRUN /bin/busybox true\n")
            try expectContained(outcome, hostile, on: bench)
        }
        try bench.expectUsableStore()
    }

    @Test("does not, unpacked by ADD into a folder that is a link")
    func addThroughLink() throws {
        let bench = try bench()
        for hostile in HostileArchive.all {
            try write(hostile, on: bench)
            let link = "FROM busybox\nRUN ln -s \(bench.appending("outside")) /link\n"
            try expectContained(try bench.build(link + "ADD hostile.tar /link/\n"), hostile, on: bench)
        }
        try bench.expectUsableStore()
    }

    @Test("does not, imported as a root file system and used as a base")
    func base() throws {
        let bench = try bench()
        for hostile in HostileArchive.all {
            try write(hostile, on: bench)
            let imported = try bench.layerbuild("import", "hostile.tar", "-t", "hostile")
            try expectContained(imported, hostile, on: bench)
            guard imported.exitCode == 0 else { continue }
            let outcome = try bench.build(
                "FROM hostile\nCOPY --from=busybox /bin/busybox /tools/sh\nWORKDIR /door\nCOPY hostile.tar /door/\n")
            #expect(outcome.exitCode == 0 || outcome.errorLine != nil, "\(hostile.name): \(outcome)")
            #expect(try bench.names(in: "outside") == ["kept"], "\(hostile.name)")
        }
        try bench.expectUsableStore()
    }

    @Test("cannot move or hide folders with the overlay's own attributes")
    func attributes() throws {
        let bench = try bench()
        let archive = TarBytes.archive {
            $0.records([
                ("SCHILY.xattr.trusted.overlay.redirect", Array("/secret".utf8)),
                ("SCHILY.xattr.trusted.overlay.opaque", Array("y".utf8)),
            ])
            $0.folder("public/")
            $0.records("SCHILY.xattr.trusted.overlay.opaque", "y")
            $0.folder("etc/")
        }
        try bench.write("context/hostile.tar", archive)
        let outcome = try bench.build(
            """
            FROM busybox
            RUN mkdir /secret; echo hidden >/secret/key
            ADD hostile.tar /
            RUN test ! -e /public/key && test -e /etc/passwd && test -e /secret/key
            """)
        try expectContained(outcome, HostileArchive("attributes") { _, _ in }, on: bench)
        if outcome.exitCode == 3 { return }
        try expectSuccess(outcome)
    }
}
