import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("FileDigestCache")
struct FileDigestCacheTests {
    let folder: StoreFolder

    init() throws {
        folder = try StoreFolder()
        _ = try folder.open()
    }

    /// A file that is no part of the store, and its status.
    func file(_ name: String, _ text: String = "x") throws -> FileStatus {
        let file = try File(opening: folder.path.appending(name), O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(Array(text.utf8))
        return try file.status()
    }

    @Test("The digest of an unchanged file is known to the next build")
    func known() throws {
        let (a, b) = (try file("a"), try file("b"))
        let store = try folder.open()
        try store.files.remember(.text("a"), for: a)
        #expect(try store.files.digest(of: a) == .text("a"))
        try store.files.save()
        let next = try folder.open()
        #expect(try next.files.digest(of: a) == .text("a"))
        #expect(try next.files.digest(of: b) == nil)
    }

    @Test("A digest is found by the number of its record, as long as the file is the same")
    func numbers() throws {
        let (a, b) = (try file("a"), try file("b"))
        let store = try folder.open()
        let first = try #require(try store.files.remember(.text("a"), for: a))
        let second = try #require(try store.files.remember(.text("b"), for: b))
        #expect(try store.files.digest(of: a, inRecord: first) == .text("a"))
        #expect(try store.files.digest(of: b, inRecord: second) == .text("b"))
        #expect(try store.files.digest(of: b, inRecord: first) == nil)
    }

    @Test("Who knows all records to be of other files learns of no other, and of every other one else")
    func others() throws {
        let (a, b) = (try file("a"), try file("b"))
        let store = try folder.open()
        try store.files.remember(.text("a"), for: a)
        #expect(try store.files.digest(of: b, besides: 1) == nil)
        #expect(try store.files.digest(of: a, besides: 0) == .text("a"))
        try store.files.remember(.text("b"), for: b)
        #expect(try store.files.digest(of: b, besides: 1) == .text("b"))
        try store.files.save()
        #expect(try folder.open().files.digest(of: b, besides: 1) == .text("b"))
    }

    @Test("A file that was touched, even to the same time, is not known any more")
    func touched() throws {
        let before = try file("a")
        let store = try folder.open()
        try store.files.remember(.text("a"), for: before)
        let parent = try Folder(opening: folder.path)
        try parent.setModified(of: "a", FileStatus.Time(seconds: 1))
        let touched = try #require(try parent.status(of: "a"))
        #expect(try store.files.digest(of: touched) == nil)
        try store.files.remember(.text("b"), for: touched)
        #expect(try store.files.digest(of: touched) == .text("b"))
        #expect(try store.files.digest(of: before) == nil)
    }

    @Test("A file that changed just before the build, or after it began, is not remembered", arguments: [-1, 0, 1, 2])
    func racy(age: Int64) throws {
        let status = try file("a")
        let store = try folder.open(now: status.changed.seconds + age)
        try store.files.remember(.text("a"), for: status)
        #expect(try store.files.digest(of: status) == nil)
        let calm = try folder.open(now: status.changed.seconds + 3)
        try calm.files.remember(.text("a"), for: status)
        #expect(try calm.files.digest(of: status) == .text("a"))
    }

    @Test("A torn end costs the torn record only, and the next build writes on", arguments: [1, 8, 95])
    func torn(cut: Int64) throws {
        let (a, b, c) = (try file("a"), try file("b"), try file("c"))
        let store = try folder.open()
        try store.files.remember(.text("a"), for: a)
        try store.files.remember(.text("b"), for: b)
        try store.files.save()
        try File(opening: folder.inside("files/1"), O_WRONLY).truncate(to: 2 * 96 - cut)

        let next = try folder.open()
        #expect(try next.files.digest(of: a) == .text("a"))
        #expect(try next.files.digest(of: b) == nil)
        try next.files.remember(.text("c"), for: c)
        try next.files.save()
        let last = try folder.open()
        #expect(try last.files.digest(of: a) == .text("a"))
        #expect(try last.files.digest(of: c) == .text("c"))
    }

    @Test("A record with a flipped bit is left out")
    func flipped() throws {
        let a = try file("a")
        let store = try folder.open()
        try store.files.remember(.text("a"), for: a)
        try store.files.save()
        let records = try File(opening: folder.inside("files/1"), O_RDWR)
        try records.seek(to: 60)
        try records.write([0x55])
        #expect(try folder.open().files.digest(of: a) == nil)
    }

    @Test("Builds that save at once lose nothing of each other")
    func concurrent() throws {
        let statuses = try (0..<80).map { try file("f\($0)") }
        let failures = onThreads(8) { [folder] index in
            let store = try folder.open()
            for number in stride(from: index, to: 80, by: 8) {
                try store.files.remember(.text("\(number)"), for: statuses[number])
                try store.files.save()
            }
        }
        #expect(failures.isEmpty)
        let store = try folder.open()
        for number in 0..<80 { #expect(try store.files.digest(of: statuses[number]) == .text("\(number)")) }
    }

    @Test("A file of records that mostly no longer count is rewritten without them")
    func compaction() throws {
        let a = try file("a")
        let table = FileTableFile(
            root: StoreRoot(path: folder.inside(""), folder: try Folder(opening: folder.inside(""))), folder: "files")
        let old = FileRecord(a, .text("old")).words
        try table.append(Array(repeatElement(old, count: 9000).joined())[...])
        try table.compact()
        #expect(try #require(try folder.status("files/1")).size == 96)
        try table.append(FileRecord(a, .text("new")).words[...])
        #expect(try folder.open().files.digest(of: a) == .text("new"))
    }

    @Test("Tens of thousands of files are told apart")
    func many() throws {
        let template = FileRecord(try file("a"), .text("a")).words
        var words: [UInt64] = []
        for inode in 0..<UInt64(50_000) {
            var record = Array(template.dropLast())
            record[1] = inode
            words += record + [FileRecord.guardWord(record[...])]
        }
        let file = FileTableFile(
            root: StoreRoot(path: folder.inside(""), folder: try Folder(opening: folder.inside(""))), folder: "files")
        try file.append(words[...])
        var table = try file.load()
        #expect(table.fileCount == 50_000)
        var newest: [UInt64] = []
        try table.forEachNewest(10) { newest += $0 }
        #expect(newest.count == 120)
        #expect(newest[1] == 49_990)
    }

    @Test("Very many digests are known while they are added, to whoever adds them and to the next build")
    func added() throws {
        let store = try folder.open()
        let status = try file("a")
        let statuses = try (0..<300).map { try file("f\($0)") }
        try store.files.remember(.text("a"), for: status)
        try store.files.save()
        let next = try folder.open()
        for round in 0..<40 {
            for (number, status) in statuses.enumerated() {
                try next.files.remember(.text("\(round) \(number)"), for: status)
            }
        }
        for (number, status) in statuses.enumerated() {
            #expect(try next.files.digest(of: status) == .text("39 \(number)"))
        }
        #expect(try next.files.digest(of: status) == .text("a"))
        try next.files.save()
        let last = try folder.open()
        #expect(try last.files.digest(of: status) == .text("a"))
        #expect(try last.files.digest(of: statuses[299]) == .text("39 299"))
        // Most of the records no longer counted.
        #expect(try #require(try folder.status("files/1")).size == 301 * 96)
    }

    @Test("An output is recognised as long as nobody changes it")
    func outputs() throws {
        let output = try file("image.tar")
        let store = try folder.open(now: output.changed.seconds)
        #expect(try store.outputs.contents(of: output) == nil)
        try store.outputs.remember(.text("image"), for: output, on: .disk)
        #expect(try store.outputs.contents(of: output) == .text("image"))
        let next = try folder.open()
        #expect(try next.outputs.contents(of: output) == .text("image"))
        #expect(try next.outputs.contents(of: try file("image.tar", "changed")) == nil)
    }

    @Test("An output that only the kernel had is recognised until the machine is started again")
    func outputsInMemory() throws {
        let output = try file("image.tar")
        let store = try folder.open(now: output.changed.seconds, boot: "one")
        #expect(try store.outputs.persistence(of: output, holding: .text("image")) == nil)
        try store.outputs.remember(.text("image"), for: output, on: .kernel)
        #expect(try store.outputs.persistence(of: output, holding: .text("image")) == .kernel)
        #expect(try store.outputs.persistence(of: output, holding: .text("other")) == nil)
        let next = try folder.open(boot: "two")
        #expect(try next.outputs.persistence(of: output, holding: .text("image")) == nil)
        // It still is an output, which no context holds.
        #expect(try next.outputs.contents(of: output) != nil)
        try next.outputs.remember(.text("image"), for: output, on: .disk)
        #expect(try folder.open(boot: "three").outputs.persistence(of: output, holding: .text("image")) == .disk)
    }
}
