import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite("File") struct FileTests {
    @Test("What is written is read back, from the start or from an offset")
    func reading() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let path = scratch.path.appending("file")
        try File(opening: path, O_WRONLY | O_CREAT).write(Array("0123456789".utf8))
        let file = try File(opening: path)
        var buffer = [UInt8](repeating: 0, count: 4)
        #expect(try buffer.withUnsafeMutableBytes { try file.read(into: $0, at: 8) } == 2)
        #expect(try buffer.withUnsafeMutableBytes { try file.read(into: $0) } == 4)
        #expect(buffer == Array("0123".utf8))
        try file.seek(to: 7)
        #expect(try file.readAll(limit: 3) == Array("789".utf8))
        #expect(try buffer.withUnsafeMutableBytes { try file.read(into: $0) } == 0)
    }

    @Test("Files are the same if every byte of them is", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func comparing(size: Int) throws {
        let scratch = try ScratchFolder(in: "/tmp")
        func file(_ bytes: [UInt8]) throws -> File {
            let file = try File.anonymous(in: scratch.path)
            try file.write(bytes)
            try file.seek(to: 0)
            return file
        }
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 251) }
        #expect(try file(bytes).holdsSame(as: file(bytes)))
        #expect(try !file(bytes).holdsSame(as: file(bytes + [0])))
        #expect(try !file(bytes + [0]).holdsSame(as: file(bytes)))
        guard let last = bytes.indices.last else { return }
        var other = bytes
        other[last] ^= 1
        #expect(try !file(bytes).holdsSame(as: file(other)))
    }

    @Test("Reading all refuses more than the limit")
    func limit() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let path = scratch.path.appending("file")
        try File(opening: path, O_WRONLY | O_CREAT).write([UInt8](repeating: 1, count: 200_000))
        #expect(try File(opening: path).readAll(limit: 200_000).count == 200_000)
        #expect(throws: SyscallError.self) { try File(opening: path).readAll(limit: 199_999) }
    }

    @Test("A file for scratch has no name, also where files cannot be made without one")
    func scratch() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let folder = try Folder(opening: scratch.path)
        let usual = try File.scratch(in: scratch.path)
        let elsewhere = try File.unlinked(in: scratch.path)
        #expect(try folder.entries().isEmpty)
        for number in [usual.number, elsewhere.number] {
            let file = File(OwnedDescriptor(dup(number)))
            try file.write([1, 2, 3])
            try file.seek(to: 0)
            #expect(try file.readAll(limit: 9) == [1, 2, 3])
        }
    }

    @Test("An anonymous file has no name until it gets one, which must be free")
    func anonymous() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let folder = try Folder(opening: scratch.path)
        let file = try File.anonymous(in: scratch.path)
        try file.write([1, 2])
        #expect(try folder.entries().isEmpty)
        try file.link(at: scratch.path.appending("named"))
        #expect(try File(opening: scratch.path.appending("named")).readAll(limit: 9) == [1, 2])
        #expect(throws: SyscallError.self) { try file.link(at: scratch.path.appending("named")) }
    }

    @Test("Bytes are appended from another file, as many as there are")
    func appending() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let source = try File.anonymous(in: scratch.path)
        try source.write(Array("abcdef".utf8))
        try source.seek(to: 1)
        let target = try File.anonymous(in: scratch.path)
        try target.write(Array("-".utf8))
        #expect(try target.append(from: source, count: 2) == 2)
        #expect(try target.append(from: source, count: 100) == 3)
        #expect(try target.append(from: source, count: 0) == 0)
        try target.seek(to: 0)
        #expect(try target.readAll(limit: 100) == Array("-bcdef".utf8))
    }

    @Test("Size and mode are changed")
    func changes() throws {
        let scratch = try ScratchFolder(in: "/tmp")
        let file = try File.anonymous(in: scratch.path)
        try file.truncate(to: 5)
        try file.setMode(0o6755)
        let status = try file.status()
        #expect(status.size == 5)
        #expect(status.mode == 0o6755)
        #expect(status.allocated == 0)
    }

    @Test("An error names the call, the path and the reason")
    func errors() {
        let missing = SyscallError("open", FilePath("/nowhere/file"), .noSuchFileOrDirectory)
        #expect(throws: missing) { _ = try File(opening: "/nowhere/file") }
        #expect(missing.description == "open /nowhere/file: No such file or directory")
    }
}
