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

    @Test("Where nobody waits for the disk only larger files go past the cache, and the bytes are the same")
    func unawaited() throws {
        let source = try File.anonymous(in: "/var/tmp")
        let target = try File.anonymous(in: "/var/tmp")
        for _ in 0..<6 { try source.write(LargeFile.bytes()) }
        try source.seek(to: 0)
        let copied = try FileCopy(of: Int64(6 * LargeFile.size), to: 0, for: .kernel).run(from: source, into: target) {
            _ in
        }
        #expect(copied == Int64(6 * LargeFile.size))
        let found = try LargeFile.contents(of: target)
        for index in 0..<6 {
            #expect(Array(found[index * LargeFile.size..<(index + 1) * LargeFile.size]) == LargeFile.bytes())
        }
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
