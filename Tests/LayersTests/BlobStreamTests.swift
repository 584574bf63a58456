import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Layers

@Suite("A blob")
struct BlobStreamTests {
    private static let lengths = [
        0, 1, 63, 64, 65, 4096, 4097, 70_000, 100_003, 0, 5, 300_000, 5_000_000, 2_500_000, 3,
    ]

    @Test("is the frames in their order, whoever hashes which part of them", arguments: 0..<20 as Range<UInt64>)
    func parts(seed: UInt64) throws {
        var generator = Numbers(state: seed)
        let frames = FrameRing(count: Self.lengths.count)
        let progress = SharedState(
            FrameProgress(threads: 2, inputs: Self.lengths.count, outputs: Self.lengths.count, readerWrites: true))
        let file = try File.anonymous(in: "/var/tmp")
        let stream = BlobStream(
            into: FileSink(File(try file.handle.duplicate()), for: .disk), isNamed: true, of: frames, progress)
        var blob: [UInt8] = Array("before".utf8)
        var tar: [UInt8] = []
        var tarHasher = DigestHasher()
        var contentsHasher = DigestHasher()
        try blob.withUnsafeBytes { try stream.write($0) }
        for (ordinal, length) in Self.lengths.enumerated() {
            let bytes = generator.bytes(length)
            frames.withBuffer(of: ordinal) { frame in
                frame.reserve(max(length, 1))
                bytes.withUnsafeBytes { frame.room.copyMemory(from: $0) }
                frame.advance(by: length)
            }
            blob += bytes
            // Never more than what is compressed.
            #expect(try !stream.ride(on: 1 << 20) { _, _ in Issue.record("a frame that is not compressed") })
            compress(ordinal, to: progress)
            var isWritten = false
            while !isWritten {
                if !DigestHasher.takeTurns || Int.random(in: 0..<4, using: &generator) == 0 {
                    try stream.writeFrame()
                    isWritten = true
                    continue
                }
                let limit = length < 1 << 20 ? 60_000 : 1 << 20
                let own = generator.bytes(Int.random(in: 4096...limit, using: &generator))
                let rode = try own.withUnsafeBytes { own in
                    try stream.ride(on: own.count) { part, hasher in
                        #expect(part.bytes.count <= own.count)
                        if seed.isMultiple(of: 2) {
                            tarHasher.update(own, beside: part.bytes, of: &hasher, copyingTo: part.copy)
                        } else {
                            tarHasher.update(
                                own, with: &contentsHasher, beside: part.bytes, of: &hasher, copyingTo: part.copy)
                        }
                    }
                }
                if rode {
                    tar += own
                } else {
                    // There is nothing left, or it is left to others.
                    try stream.writeFrame()
                    isWritten = true
                }
            }
        }
        let name = try #require(try stream.finish())
        #expect(name.digest == .of(blob))
        #expect(name.size == Int64(blob.count))
        try file.seek(to: 0)
        var written: [UInt8] = []
        let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
        defer { part.deallocate() }
        while case let count = try file.read(into: part), count > 0 { written += part[..<count] }
        #expect(written == blob)
        #expect(tarHasher.finish() == .of(tar))
        if !seed.isMultiple(of: 2) { #expect(contentsHasher.finish() == .of(tar)) }
    }

    private func compress(_ ordinal: Int, to progress: SharedState<FrameProgress>) {
        progress.update { progress in
            progress.submit()
            _ = progress.takeTurn()
            progress.complete(ordinal)
        }
    }

    @Test("has the digest of all that is written, on any number of threads", arguments: [1, 2, 3, 7], [0, 1])
    func threads(count: Int, kind: Int) throws {
        let scratch = try Scratch()
        var generator = Numbers(state: UInt64(count))
        var writer = try LayerWriter(
            into: File(opening: scratch.path.appending("blob"), O_RDWR | O_CREAT | O_TRUNC),
            compression: kind == 0 ? .zstd(level: 1) : .gzip(level: 1), threads: count)
        for index in 0..<12 {
            let bytes = generator.bytes(Int.random(in: 0..<8_000_000, using: &generator))
            try writer.write(
                TarEntry(TreePath(normalising: "f\(index)"), .file(size: Int64(bytes.count)), mode: 0o644), bytes: bytes
            )
        }
        let layer = try writer.finish()
        #expect(try shell("sha256sum <blob", in: scratch.path) == "\(layer.digest.hex)  -\n")
        #expect(try shell("stat -c %s blob", in: scratch.path) == "\(layer.size)\n")
        let plain = kind == 0 ? "zstd -dcq" : "gzip -dc"
        #expect(try shell("\(plain) blob | sha256sum", in: scratch.path) == "\(layer.diffID.digest.hex)  -\n")
    }

    @Test("is not waited for when a write fails: every thread ends, and the reason is told", .timeLimit(.minutes(10)))
    func full() throws {
        var generator = Numbers(state: 1)
        let bytes = generator.bytes(9_000_000)
        #expect(throws: LayerError.self) {
            var writer = try LayerWriter(into: File(opening: "/dev/full", O_WRONLY), threads: 3)
            for index in 0..<12 {
                try writer.write(
                    TarEntry(TreePath(normalising: "f\(index)"), .file(size: 9_000_000), mode: 0o644), bytes: bytes)
            }
            _ = try writer.finish()
        }
    }

    @Test("is not waited for when the rest of a layer does not come", .timeLimit(.minutes(10)), arguments: 1..<8)
    func abandoned(count: Int) throws {
        let scratch = try Scratch()
        var generator = Numbers(state: 1)
        let bytes = generator.bytes(9_000_000)
        var writer = try LayerWriter(
            into: File(opening: scratch.path.appending("blob"), O_RDWR | O_CREAT | O_TRUNC), threads: 2)
        for index in 0..<count {
            try writer.write(
                TarEntry(TreePath(normalising: "f\(index)"), .file(size: 9_000_000), mode: 0o644), bytes: bytes)
        }
    }
}
