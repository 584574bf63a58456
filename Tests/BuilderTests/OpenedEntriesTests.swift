import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import Testing

@testable import Builder

@Suite("Files that are opened ahead")
struct OpenedEntriesTests {
    private static func bench(files: Int) throws -> CopyBench {
        try CopyBench(context: "seq -w 1 \(files) | while read n; do echo $n >$n; done")
    }

    private static func entries(
        _ bench: CopyBench, ahead count: Int, for writer: borrowing LayerWriter
    ) throws -> OpenedEntries<SourceOpener> {
        let (changes, sources) = try bench.changes(of: ["."], to: "/")
        return try OpenedEntries(
            by: SourceOpener(changes: changes, sources: sources), ahead: count, for: writer)
    }

    /// One whose threads open ahead, or with none of them one that leaves it to another thread.
    private static func writer(_ bench: CopyBench, threads: Int = 0) throws -> LayerWriter {
        guard threads > 0 else { return try LayerWriter() }
        let file = try File(opening: bench.images.appending("blob"), O_RDWR | O_CREAT)
        return try LayerWriter(into: file, threads: threads)
    }

    @Test("All entries come, in their order, each with its own file", arguments: [0, 1, 7, 10, 64], [0, 1, 2, 8])
    func order(count: Int, threads: Int) throws {
        let bench = try Self.bench(files: 30)
        let writer = try Self.writer(bench, threads: threads)
        var entries = try Self.entries(bench, ahead: count, for: writer)
        var found: [String] = []
        while let entry = try entries.next() {
            let contents = try #require(entry.contents)
            let text = String(decoding: try contents.file.readAll(limit: 10), as: UTF8.self)
            #expect("/" + text == entry.planned.entry.path.description + "\n")
            found.append(text)
        }
        #expect(found.count == 30)
        #expect(found == found.sorted())
    }

    @Test("A file that is gone is told when its turn comes, not before", arguments: [0, 1, 2])
    func gone(threads: Int) throws {
        let bench = try Self.bench(files: 30)
        try bench.images.shell("rm context/15")
        let writer = try Self.writer(bench, threads: threads)
        var entries = try Self.entries(bench, ahead: 4, for: writer)
        for _ in 1...12 { #expect(try entries.next() != nil) }
        let error = #expect(throws: BuildError.self) { while try entries.next() != nil {} }
        #expect(error?.code == "changed-while-reading")
    }

    @Test("So many are opened ahead, and no more until some are taken")
    func bounded() throws {
        let bench = try Self.bench(files: 200)
        let (changes, sources) = try bench.changes(of: ["."], to: "/")
        let ahead = OpenedAhead(by: SourceOpener(changes: changes, sources: sources), portion: 8)
        #expect(ahead.open())
        #expect(!ahead.open())
        #expect(!ahead.open())
        #expect(try Self.openFiles(in: bench) == 16)
        #expect(try ahead.take().count == 8)
        #expect(try Self.openFiles(in: bench) == 8)
        #expect(!ahead.open())
        #expect(try Self.openFiles(in: bench) == 16)
        ahead.close()
        #expect(try Self.openFiles(in: bench) == 0)
    }

    @Test("Who wants no more of them waits for nobody, and every file is closed", arguments: [0, 1, 2])
    func abandoned(threads: Int) throws {
        let bench = try Self.bench(files: 200)
        let before = try Self.openFiles(in: bench)
        do {
            let writer = try Self.writer(bench, threads: threads)
            var entries = try Self.entries(bench, ahead: 8, for: writer)
            #expect(try entries.next() != nil)
        }
        #expect(try Self.openFiles(in: bench) == before)
    }

    @Test("Where nothing is opened ahead, one file is open at a time")
    func inTurn() throws {
        let bench = try Self.bench(files: 30)
        let writer = try Self.writer(bench)
        var entries = try Self.entries(bench, ahead: 0, for: writer)
        while let entry = try entries.next() {
            #expect(entry.contents != nil)
            #expect(try Self.openFiles(in: bench) == 1)
        }
    }

    @Test(
        "All steps together leave a process the files that it needs besides",
        arguments: [64, 256, 300, 512, 1024, 1 << 20], [1, 2, 4, 8, 32])
    func room(limit: Int, jobs: Int) {
        let count = BuildSettings.filesAhead(jobs: jobs, of: limit)
        #expect(count == 0 || count <= 64 && 3 * count * jobs <= limit - 256)
        #expect(limit < 1024 || count >= 8)
    }

    @Test("The limit is the one of this process")
    func limit() throws {
        let file = try File(opening: "/proc/self/limits", O_RDONLY)
        let limits = String(decoding: try file.readAll(limit: 4096), as: UTF8.self)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        #expect(line.split(separator: " ")[3] == "\(OwnedDescriptor.limit)")
    }

    /// How many files of the context this process has open: other tests have their own.
    private static func openFiles(in bench: CopyBench) throws -> Int {
        let context = Array(bench.images.appending("context").string.utf8) + [UInt8(ascii: "/")]
        let descriptors = try Folder(opening: "/proc/self/fd")
        return try descriptors.entries().count { entry in
            // One that is closed meanwhile leads nowhere.
            guard let target = try? descriptors.linkTarget(of: entry.path) else { return false }
            return target.starts(with: context)
        }
    }
}
