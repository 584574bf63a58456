import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite("Files past the page cache") struct DirectFileTests {
    private static let mebibyte = 1 << 20
    private static let large = 12 * mebibyte + 77

    /// Made once, of words that differ all over: no piece stands where another belongs.
    private static let supply: [UInt8] = [UInt8](unsafeUninitializedCapacity: large + 8) { buffer, count in
        for index in stride(from: 0, to: large, by: 8) {
            let word = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
            UnsafeMutableRawBufferPointer(buffer).storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        }
        count = large
    }

    private static func bytes(_ count: Int) -> [UInt8] { Array(supply[..<count]) }

    /// What the file holds from `start` on.
    private func contents(of file: borrowing File, from start: Int64) throws -> [UInt8] {
        let size = max(Int(try file.status().size - start), 0)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = try file.read(into: room, at: start + Int64(count))
                guard read > 0 else { return }
                count += read
            }
        }
    }

    private func write(_ bytes: [UInt8], in piece: Int, to file: inout DirectFile) throws {
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: piece) {
                let part = bytes[start..<min(start + piece, bytes.count)]
                try file.write(UnsafeRawBufferPointer(rebasing: part))
            }
        }
    }

    @Test(
        "The file holds what was written, wherever it begins and however it came",
        arguments: [0, 1, 4 * mebibyte, 4 * mebibyte + 1, 5 * mebibyte, large], [0, 512, 1_000_003] as [Int64])
    func writing(size: Int, start: Int64) throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let bytes = Self.bytes(size)
        for piece in [100_003, 3 * Self.mebibyte, Self.large] {
            let file = try File.anonymous(in: scratch.path)
            try file.seek(to: start)
            var direct = DirectFile(File(try file.handle.duplicate()), at: start, for: .disk)
            try write(bytes, in: piece, to: &direct)
            try direct.finish()
            #expect(try contents(of: file, from: start) == bytes)
            #expect(lseek(file.number, 0, SEEK_CUR) == Int(start) + size)
        }
    }

    @Test("So it does where nobody will wait for the disk, and only larger files go past the cache")
    func unawaited() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let bytes = Self.bytes(Self.large)
        let file = try File.anonymous(in: scratch.path)
        var direct = DirectFile(File(try file.handle.duplicate()), at: 0, for: .kernel)
        for _ in 0..<6 { try write(bytes, in: Self.large, to: &direct) }
        try direct.finish()
        for index in 0..<6 {
            #expect(try Array(contents(of: file, from: Int64(index * Self.large))[..<Self.large]) == bytes)
        }
    }

    @Test("So it does of what was appended from another file, as much as there is")
    func appending() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let bytes = Self.bytes(Self.large)
        let source = try File.anonymous(in: scratch.path)
        try source.write(bytes)
        try source.seek(to: 3)
        let file = try File.anonymous(in: scratch.path)
        try file.write([1, 2])
        var direct = DirectFile(File(try file.handle.duplicate()), at: 2, for: .disk)
        let count = try direct.append(from: source, count: Int64(2 * Self.large))
        try direct.finish()
        #expect(count == Int64(Self.large - 3))
        #expect(try contents(of: file, from: 2) == Array(bytes[3...]))
    }

    @Test("Where others go on at another place, it is written there, as to any file")
    func elsewhere() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let bytes = Self.bytes(Self.large)
        let file = try File.anonymous(in: scratch.path)
        try file.seek(to: 100)
        var direct = DirectFile(File(try file.handle.duplicate()), at: 0, for: .disk)
        try write(bytes, in: Self.mebibyte, to: &direct)
        try direct.finish()
        #expect(try contents(of: file, from: 100) == bytes)
    }

    @Test("A pipe gets all of it, in order")
    func pipe() throws {
        var pipe = try Pipe()
        let bytes = Self.bytes(Self.large)
        let output = File(try pipe.takeWritingEnd())
        let input = File(pipe.takeReadingEnd())
        let count = SharedState(0)
        let reader = try JoinedThread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while let read = try? buffer.withUnsafeMutableBytes({ try input.read(into: $0) }), read > 0 {
                let before = count.update { $0 }
                guard Array(buffer[..<read]) == Array(bytes[before..<before + read]) else { return }
                count.update { $0 += read }
            }
        }
        var direct = DirectFile(output, at: 0, for: .disk)
        try write(bytes, in: Self.mebibyte, to: &direct)
        try direct.finish()
        _ = consume direct
        reader.join()
        #expect(count.update { $0 } == bytes.count)
    }

    @Test("What the disk refuses is told, at the latest in the end")
    func refusal() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let file = try File.anonymous(in: scratch.path)
        // The first block lies within the largest file that ext4 knows, the others behind its end.
        let start = Int64(16 << 40) - Int64(6 * Self.mebibyte)
        guard lseek(file.number, off_t(start), SEEK_SET) == off_t(start) else { return }
        var direct = DirectFile(File(try file.handle.duplicate()), at: start, for: .disk)
        #expect(throws: SyscallError.self) {
            try write(Self.bytes(Self.large), in: Self.mebibyte, to: &direct)
            try direct.finish()
        }
    }

    @Test("What is cut off is gone")
    func cutting() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let file = try File.anonymous(in: scratch.path)
        try file.write([1, 2, 3])
        var direct = DirectFile(File(try file.handle.duplicate()), at: 3, for: .disk)
        try write(Self.bytes(Self.large), in: Self.mebibyte, to: &direct)
        try direct.cut(to: 3)
        #expect(try contents(of: file, from: 0) == [1, 2, 3])
    }
}
