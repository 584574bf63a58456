import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("Frames that were packed before")
struct PackedFramesTests {
    /// Bytes without a pattern.
    private static let noise: [UInt8] = {
        var word: UInt64 = 1
        return [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            for index in 0..<1 << 20 {
                word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                buffer[index] = UInt8(truncatingIfNeeded: word >> 33)
            }
            count = 1 << 20
        }
    }()

    /// A hundred files of 300 KB, of which some differ from those of another version.
    private func write(
        _ path: FilePath, level: Int = 3, threads: Int = 2, changed: Set<Int> = [], longer: Set<Int> = [],
        reusing earlier: FilePath? = nil
    ) throws -> WrittenLayer {
        let frames = try earlier.map { PackedFrames(of: try File(opening: $0)) }
        var writer = try LayerWriter(
            into: try File(opening: path, O_RDWR | O_CREAT | O_TRUNC), compression: .zstd(level: level),
            threads: threads, reusing: frames)
        for number in 0..<100 {
            let start = number * 1009 + (changed.contains(number) ? 500_000 : 0)
            let contents = Array(Self.noise[start..<start + (longer.contains(number) ? 360_000 : 300_000)])
            let entry = TarEntry(
                TreePath(normalising: "file\(number)"), .file(size: Int64(contents.count)), mode: 0o644)
            try writer.write(entry, bytes: contents)
        }
        return try writer.finish()
    }

    @Test(
        "give a layer the bytes that it has without them",
        arguments: [([], []), ([50], []), ([], [50]), ([0, 99], []), ([], [3, 60]), (Set(0..<100), [])]
            as [(Set<Int>, Set<Int>)])
    func sameBytes(changed: Set<Int>, longer: Set<Int>) throws {
        let scratch = try Scratch()
        _ = try write(scratch.path.appending("earlier"))
        let alone = try write(scratch.path.appending("alone"), changed: changed, longer: longer)
        let reusing = try write(
            scratch.path.appending("reusing"), changed: changed, longer: longer,
            reusing: scratch.path.appending("earlier"))
        #expect(reusing == alone)
        try shell("cmp alone reusing", in: scratch.path)
    }

    @Test("are taken as they are, but for those that hold a change")
    func taken() throws {
        let scratch = try Scratch()
        // Packed otherwise, so that one sees in the new blob where a frame comes from.
        let earlier = try write(scratch.path.appending("earlier"), level: 1)
        let alone = try write(scratch.path.appending("alone"), level: 9, changed: [50])
        let all = try write(
            scratch.path.appending("all"), level: 9, reusing: scratch.path.appending("earlier"))
        let most = try write(
            scratch.path.appending("most"), level: 9, changed: [50], reusing: scratch.path.appending("earlier"))
        #expect(all.digest == earlier.digest)
        #expect(most.diffID == alone.diffID)
        #expect(most.digest != alone.digest)
        // 30 MB in frames of 6 MiB: one of five at least is packed anew, and not all of them are.
        #expect(try shell("cmp -l earlier most | wc -l", in: scratch.path) != "0\n")
        #expect(try shell("cmp -n 1000000 earlier most && zstd -tq most", in: scratch.path) == "")
    }

    @Test(
        "do no harm when they are damaged or none at all",
        arguments: [
            "printf 'xxxxxxxx' | dd of=earlier bs=1 seek=2000000 conv=notrunc",
            "truncate -s 5000000 earlier", "truncate -s 3 earlier", ": >earlier",
            "head -c 9000000 /dev/urandom >earlier",
        ])
    func damaged(damage: String) throws {
        let scratch = try Scratch()
        _ = try write(scratch.path.appending("earlier"))
        let alone = try write(scratch.path.appending("alone"), changed: [70])
        try shell("\(damage) 2>&1", in: scratch.path)
        let reusing = try write(
            scratch.path.appending("reusing"), changed: [70], reusing: scratch.path.appending("earlier"))
        #expect(reusing == alone)
    }
}
