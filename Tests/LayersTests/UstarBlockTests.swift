import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Layers

@Suite("A tar header that is filled in without libarchive")
struct UstarBlockTests {
    /// Entries around every border between what is plain and what is not.
    private static func entries(_ count: Int, seed: UInt64) -> [(entry: TarEntry, contents: [UInt8])] {
        var generator = Numbers(state: seed)
        return (0..<count).map { index in
            let path = path(from: &generator)
            let size = Int.random(in: 0..<3, using: &generator) == 0 ? 0 : Int.random(in: 0..<1500, using: &generator)
            let isFile = Int.random(in: 0..<4, using: &generator) > 0
            let entry = TarEntry(
                path, isFile ? .file(size: Int64(size)) : .folder,
                mode: UInt16.random(in: 0...0o7777, using: &generator),
                owner: number(near: 1 << 18, &generator), group: number(near: 1 << 18, &generator),
                modified: Int64(number(near: 0x7FFF_FFFF, &generator))
                    - (Int.random(in: 0..<20, using: &generator) == 0 ? 5 : 0))
            return (entry, isFile ? (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) } : [])
        }
    }

    private static func number(near border: UInt32, _ generator: inout Numbers) -> UInt32 {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: 0
        case 1: border - 1
        case 2: border
        default: UInt32.random(in: 0..<border, using: &generator)
        }
    }

    /// Names of every length up to beyond what the format has room for, a few of them not ASCII.
    private static func path(from generator: inout Numbers) -> TreePath {
        let length = Int.random(in: 1...280, using: &generator)
        let slashes = Int.random(in: 2...60, using: &generator)
        var bytes = (0..<length).map { index in
            index % slashes == slashes - 1 ? UInt8(ascii: "/") : UInt8.random(in: 0x61...0x7A, using: &generator)
        }
        if Int.random(in: 0..<20, using: &generator) == 0 { bytes[0] = UInt8.random(in: 1...0x1F, using: &generator) }
        let path = TreePath(normalising: bytes)
        guard Int.random(in: 0..<20, using: &generator) == 0 else { return path }
        return path.appending(Array("ä".utf8))
    }

    private static func archive(
        of entries: [(entry: TarEntry, contents: [UInt8])], in folder: FilePath,
        _ write: (inout TarSink, TarEntry) throws -> Void
    ) throws -> [UInt8] {
        let path = folder.appending("tar")
        let file = try File(opening: path, O_RDWR | O_CREAT | O_TRUNC)
        var sink = try TarSink(into: FrameStream(try FrameOutput(into: FileSink(file, for: .disk), .none, threads: 0)))
        for (entry, contents) in entries {
            try write(&sink, entry)
            try contents.withUnsafeBytes { if !$0.isEmpty { try sink.write(contents: $0) } }
        }
        _ = try sink.finish()
        return try File(opening: path).readAll(limit: 1 << 26)
    }

    @Test("is byte for byte libarchive's, and so is all that follows it", arguments: [1, 2, 3] as [UInt64])
    func same(seed: UInt64) throws {
        let scratch = try Scratch()
        let entries = Self.entries(2000, seed: seed)
        let ours = try Self.archive(of: entries, in: scratch.path) { sink, entry in try sink.write(entry) }
        let theirs = try Self.archive(of: entries, in: scratch.path) { sink, entry in try sink.writeByLibrary(entry) }
        #expect(ours == theirs)
        let plain = entries.count { UstarBlock($0.entry) != nil }
        #expect(plain > 500 && plain < 1900)
    }

    @Test("is left to libarchive where a record is needed")
    func refused() {
        let path = TreePath(normalising: "name")
        #expect(UstarBlock(TarEntry(path, .file(size: 1 << 33), mode: 0o644)) == nil)
        #expect(UstarBlock(TarEntry(path, .fifo, mode: 0o644)) == nil)
        #expect(UstarBlock(TarEntry(path, .folder, mode: 0o755, modified: -1)) == nil)
        #expect(UstarBlock(TarEntry(path, .folder, mode: 0o755, owner: 1 << 18)) == nil)
        #expect(UstarBlock(TarEntry(TreePath(normalising: "ä"), .folder, mode: 0o755)) == nil)
        #expect(UstarBlock(TarEntry(path, .file(size: (1 << 33) - 1), mode: 0o7777, modified: 0x7FFF_FFFE)) != nil)
    }
}
