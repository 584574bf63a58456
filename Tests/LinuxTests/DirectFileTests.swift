import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite("Files past the page cache") struct DirectFileTests {
    private func write(_ bytes: [UInt8], in piece: Int, to file: inout DirectFile) throws {
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: piece) {
                let part = bytes[start..<min(start + piece, bytes.count)]
                try file.write(UnsafeRawBufferPointer(rebasing: part))
            }
        }
    }

    @Test(
        "The file holds what was written, however it came",
        arguments: [
            0, 1, 4 * LargeFile.mebibyte, 4 * LargeFile.mebibyte + 1, 6 * LargeFile.mebibyte, LargeFile.size,
        ], [Persistence.disk, .kernel])
    func writing(size: Int, persistence: Persistence) throws {
        let bytes = LargeFile.bytes(size)
        for piece in [100_003, 3 * LargeFile.mebibyte, LargeFile.size] {
            let file = try File.anonymous(in: "/var/tmp")
            var direct = DirectFile(File(try file.handle.duplicate()), for: persistence)
            try write(bytes, in: piece, to: &direct)
            try direct.finish()
            #expect(try LargeFile.contents(of: file) == bytes)
            #expect(try file.position() == Int64(size))
        }
    }

    @Test("Bytes that were put where they are wanted are in it among those that were passed", arguments: [1, 100_003])
    func room(piece: Int) throws {
        let bytes = LargeFile.bytes()
        let file = try File.anonymous(in: "/var/tmp")
        let copy = try File.anonymous(in: "/var/tmp")
        let twin = FileTwin(File(try copy.handle.duplicate()), at: 0, for: .disk)
        var direct = DirectFile(File(try file.handle.duplicate()), for: .disk, copyingTo: twin)
        #expect(direct.room == nil)
        try bytes.withUnsafeBytes { bytes in
            var (rest, putCount) = (bytes[...], 0)
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(putCount.isMultiple(of: 3) ? piece : 1 << 18))
                rest = rest.dropFirst(part.count)
                putCount += 1
                guard let room = direct.room, room.count >= part.count, !putCount.isMultiple(of: 5) else {
                    try direct.write(part)
                    continue
                }
                room.copyMemory(from: part)
                try direct.advance(by: part.count)
            }
        }
        try direct.finish()
        #expect(twin.isWhole)
        #expect(try LargeFile.contents(of: file) == bytes)
        #expect(try LargeFile.contents(of: copy) == bytes)
    }

    @Test("Bytes are taken at once as long as they fill no block that has to wait for another")
    func takingAtOnce() throws {
        var direct = DirectFile(try File.anonymous(in: "/var/tmp"), for: .disk)
        let isTakenByCache = direct.takesAtOnce(1)
        #expect(!isTakenByCache)
        try write(LargeFile.bytes(5 * LargeFile.mebibyte), in: LargeFile.mebibyte, to: &direct)
        let room = direct.room?.count
        let takesLittle = direct.takesAtOnce(1)
        // No block is under way yet.
        let takesBlock = direct.takesAtOnce(try #require(room))
        #expect(takesLittle)
        #expect(takesBlock)
        try direct.finish()
    }

    @Test("Where others go on at another place, it is written there, as to any file")
    func elsewhere() throws {
        let bytes = LargeFile.bytes()
        let file = try File.anonymous(in: "/var/tmp")
        try file.seek(to: 100)
        var direct = DirectFile(File(try file.handle.duplicate()), for: .disk)
        try write(bytes, in: LargeFile.mebibyte, to: &direct)
        try direct.finish()
        #expect(try LargeFile.contents(of: file, from: 100) == bytes)
    }

    @Test("A pipe gets all of it, in order")
    func pipe() throws {
        var pipe = try Pipe()
        let output = File(try pipe.takeWritingEnd())
        let count = SharedState(0)
        let reader = try LargeFile.count(File(pipe.takeReadingEnd()), into: count)
        var direct = DirectFile(output, for: .disk)
        try write(LargeFile.bytes(), in: LargeFile.mebibyte, to: &direct)
        try direct.finish()
        _ = consume direct
        reader.join()
        #expect(count.update { $0 } == LargeFile.size)
    }

    @Test("What the disk refuses is told, at the latest in the end", .needsRoot)
    func refusal() throws {
        let disk = try SmallDisk()
        var direct = DirectFile(try File.anonymous(in: disk.path), for: .disk)
        #expect(throws: SyscallError.self) {
            try write(LargeFile.bytes(), in: LargeFile.mebibyte, to: &direct)
            try direct.finish()
        }
    }

    // MARK: A twin

    @Test(
        "Its twin holds the same behind what it held before",
        arguments: [0, 1, 4 * LargeFile.mebibyte + 1, LargeFile.size], [0, 512, 4096, 1_000_003] as [Int64])
    func twin(size: Int, start: Int64) throws {
        let bytes = LargeFile.bytes(size)
        let before = [UInt8](repeating: 7, count: Int(start))
        let file = try File.anonymous(in: "/var/tmp")
        let copy = try File.anonymous(in: "/var/tmp")
        try copy.write(before)
        let twin = FileTwin(File(try copy.handle.duplicate()), at: start, for: .disk)
        var direct = DirectFile(File(try file.handle.duplicate()), for: .disk, copyingTo: twin)
        try write(bytes, in: 100_003, to: &direct)
        #expect(!twin.isWhole)
        try direct.finish()
        #expect(twin.isWhole)
        #expect(try LargeFile.contents(of: file) == bytes)
        #expect(try LargeFile.contents(of: copy) == before + bytes)
    }

    @Test("So it does where the first is in memory and has no way past the cache", .needsRoot)
    func twinOfMemory() throws {
        let memory = try Mount.memory(size: 64 << 20)
        let folder = try memory.folder()
        let file = try File.anonymous(in: FilePath("/proc/self/fd/\(folder.number)"))
        let copy = try File.anonymous(in: "/var/tmp")
        let twin = FileTwin(File(try copy.handle.duplicate()), at: 0, for: .disk)
        var direct = DirectFile(file, for: .disk, copyingTo: twin)
        try write(LargeFile.bytes(), in: LargeFile.mebibyte, to: &direct)
        try direct.finish()
        #expect(twin.isWhole)
        #expect(try LargeFile.contents(of: copy) == LargeFile.bytes())
    }

    @Test("A twin that cannot be written is not whole, and the file is")
    func refusedTwin() throws {
        let scratch = try ScratchFolder(in: "/var/tmp")
        let path = scratch.path.appending("twin")
        _ = try File(opening: path, O_WRONLY | O_CREAT)
        let file = try File.anonymous(in: "/var/tmp")
        let twin = FileTwin(try File(opening: path, O_RDONLY), at: 0, for: .disk)
        var direct = DirectFile(File(try file.handle.duplicate()), for: .disk, copyingTo: twin)
        try write(LargeFile.bytes(), in: LargeFile.mebibyte, to: &direct)
        try direct.finish()
        #expect(!twin.isWhole)
        #expect(try LargeFile.contents(of: file) == LargeFile.bytes())
    }

    @Test("A twin that leaves too little room is cut off again", .needsRoot)
    func twinWithoutRoom() throws {
        let memory = try Mount.memory(size: 64 << 20)
        let folder = try memory.folder()
        let copy = try File.anonymous(in: FilePath("/proc/self/fd/\(folder.number)"))
        try copy.write([1, 2, 3])
        let file = try File.anonymous(in: "/var/tmp")
        let twin = FileTwin(File(try copy.handle.duplicate()), at: 3, for: .disk)
        var direct = DirectFile(File(try file.handle.duplicate()), for: .disk, copyingTo: twin)
        try write(LargeFile.bytes(), in: LargeFile.mebibyte, to: &direct)
        direct.startWriteback(at: 0, count: Int64(LargeFile.size))
        try direct.finish()
        #expect(!twin.isWhole)
        #expect(try LargeFile.contents(of: copy) == [1, 2, 3])
        #expect(try LargeFile.contents(of: file) == LargeFile.bytes())
    }
}
