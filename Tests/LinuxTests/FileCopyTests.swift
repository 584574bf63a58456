import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite("Whole files copied to the end of others") struct FileCopyTests {
    private func source(_ bytes: [UInt8]) throws -> File {
        let file = try File.anonymous(in: "/var/tmp")
        try file.write(bytes)
        try file.seek(to: 0)
        return file
    }

    @Test(
        "The bytes stand behind those that were there, and whoever writes goes on behind them",
        arguments: [0, 1, 4 * LargeFile.mebibyte, LargeFile.size], [0, 512, 1 << 16, 1_000_003])
    func copying(size: Int, start: Int) throws {
        let bytes = LargeFile.bytes(size)
        let before = [UInt8](repeating: 7, count: start)
        let source = try self.source(bytes)
        let target = try File.anonymous(in: "/var/tmp")
        try target.write(before)
        var last: Int64 = 0
        let copied = try FileCopy(of: Int64(size), to: Int64(start), for: .disk).run(from: source, into: target) {
            done in
            #expect(done >= last)
            last = done
        }
        #expect(copied == Int64(size) && last == Int64(size))
        try target.write([1, 2, 3])
        #expect(try LargeFile.contents(of: target) == before + bytes + [1, 2, 3])
    }

    @Test(
        "A file of many portions arrives whole, whether somebody waits for the disk or not",
        arguments: [Persistence.disk, .kernel])
    func portions(persistence: Persistence) throws {
        let source = try File.anonymous(in: "/var/tmp")
        let target = try File.anonymous(in: "/var/tmp")
        for _ in 0..<6 { try source.write(LargeFile.bytes()) }
        try source.seek(to: 0)
        let copied = try FileCopy(of: Int64(6 * LargeFile.size), to: 0, for: persistence).run(
            from: source, into: target
        ) { _ in }
        #expect(copied == Int64(6 * LargeFile.size))
        let found = try LargeFile.contents(of: target)
        for index in 0..<6 {
            #expect(Array(found[index * LargeFile.size..<(index + 1) * LargeFile.size]) == LargeFile.bytes())
        }
    }

    @Test("What stands behind a source's end, in the memory of its last page, is not copied")
    func lastPage() throws {
        let start = 1536
        // The last block ends with the source's page, and the source does not reach as far.
        let alignment = DirectBlock.alignment
        let asked = (-start & (alignment - 1)) + LargeFile.size / alignment * alignment
        let bytes = Array((LargeFile.bytes() + LargeFile.bytes())[..<(asked - 1)])
        let source = try self.source(bytes)
        let target = try File.anonymous(in: "/var/tmp")
        try target.write([UInt8](repeating: 7, count: start))
        let copied = try FileCopy(of: Int64(asked), to: Int64(start), for: .disk).run(from: source, into: target) {
            _ in
        }
        #expect(copied == Int64(bytes.count))
        #expect(Array(try LargeFile.contents(of: target, from: Int64(start))[..<bytes.count]) == bytes)
    }

    @Test("A source that becomes shorter meanwhile is copied as far as it goes")
    func shortened() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let source = try File.anonymous(in: "/var/tmp")
        for _ in 0..<4 { try source.write(LargeFile.bytes()) }
        try source.seek(to: 0)
        let target = try File(opening: scratch.path.appending("seen"), O_RDWR | O_CREAT)
        let left = Int64(3 * LargeFile.size)
        let copied = try FileCopy(of: Int64(4 * LargeFile.size), to: 0, for: .disk).run(from: source, into: target) {
            if $0 > 0 { try? source.truncate(to: left) }
        }
        #expect(copied == left)
        let found = try LargeFile.contents(of: target)
        #expect(found == LargeFile.bytes() + LargeFile.bytes() + LargeFile.bytes())
    }

    @Test("A source without memory of its own is read")
    func unmappable() throws {
        let source = try File(opening: "/dev/zero")
        let target = try File.anonymous(in: "/var/tmp")
        let copied = try FileCopy(of: Int64(LargeFile.size), to: 0, for: .disk).run(from: source, into: target) { _ in }
        #expect(copied == Int64(LargeFile.size))
        #expect(try LargeFile.contents(of: target) == [UInt8](repeating: 0, count: LargeFile.size))
    }

    @Test("A source that ends before is copied as far as it goes, and its end is told")
    func short() throws {
        let source = try self.source(LargeFile.bytes())
        let target = try File.anonymous(in: "/var/tmp")
        let copied = try FileCopy(of: Int64(3 * LargeFile.size), to: 0, for: .disk).run(from: source, into: target) {
            _ in
        }
        #expect(copied == Int64(LargeFile.size))
        #expect(Array(try LargeFile.contents(of: target)[..<LargeFile.size]) == LargeFile.bytes())
    }

    @Test("Where others go on at another place, the bytes go there")
    func elsewhere() throws {
        let source = try self.source(LargeFile.bytes())
        let target = try File.anonymous(in: "/var/tmp")
        try target.seek(to: 100)
        _ = try FileCopy(of: Int64(LargeFile.size), to: 0, for: .disk).run(from: source, into: target) { _ in }
        #expect(try LargeFile.contents(of: target, from: 100) == LargeFile.bytes())
    }

    @Test("A file that can be found holds what was copied, and nothing behind it, at any time")
    func seen() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let source = try self.source(LargeFile.bytes())
        let target = try File(opening: scratch.path.appending("seen"), O_RDWR | O_CREAT)
        _ = try FileCopy(of: Int64(LargeFile.size), to: 0, for: .disk).run(from: source, into: target) { done in
            #expect((try? target.status().size) == done)
        }
        #expect(try LargeFile.contents(of: target) == LargeFile.bytes())
    }

    @Test("A pipe gets all of it, in order")
    func pipe() throws {
        var pipe = try Pipe()
        let source = try self.source(LargeFile.bytes())
        let target = File(try pipe.takeWritingEnd())
        let count = SharedState(0)
        let reader = try LargeFile.count(File(pipe.takeReadingEnd()), into: count)
        do {
            let target = consume target
            _ = try FileCopy(of: Int64(LargeFile.size), to: 0, for: .disk).run(from: source, into: target) { _ in }
        }
        reader.join()
        #expect(count.update { $0 } == LargeFile.size)
    }

    @Test("A full disk is told", .needsRoot)
    func full() throws {
        let disk = try SmallDisk()
        let source = try self.source(LargeFile.bytes())
        let target = try File.anonymous(in: disk.path)
        #expect(throws: SyscallError.self) {
            _ = try FileCopy(of: Int64(LargeFile.size), to: 0, for: .disk).run(from: source, into: target) { _ in }
        }
    }
}
