import OCI
import Testing

@testable import Layers

@Suite("Bytes cut by their contents")
struct ContentChunksTests {
    /// Bytes without a pattern, the same in every run.
    private func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    private func chunks(_ bytes: [UInt8]) -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        var done = 0
        while done < bytes.count {
            let length = bytes.withUnsafeBytes {
                ContentChunks.firstLength(in: UnsafeRawBufferPointer(rebasing: $0[done...]))
            }
            chunks.append(Array(bytes[done..<done + length]))
            done += length
        }
        return chunks
    }

    @Test("are of the sizes that are meant, and all there", arguments: [0, 1, 2048, 2049, 70_000, 4 << 20])
    func sizes(count: Int) {
        let bytes = noise(count)
        let cut = chunks(bytes)
        #expect(cut.flatMap(\.self) == bytes)
        #expect(cut.dropLast().allSatisfy { (ContentChunks.smallest...ContentChunks.largest).contains($0.count) })
        if count > 1 << 20 { #expect((4_000...9_000).contains(count / cut.count)) }
    }

    @Test("without a pattern that ends a chunk are cut at the largest size")
    func zeros() {
        let cut = chunks([UInt8](repeating: 0, count: 3 * ContentChunks.largest + 5))
        #expect(cut.map(\.count) == [65536, 65536, 65536, 5])
    }

    @Test("into which others are put keep their cuts before and behind")
    func insertion() {
        let before = noise(4 << 20)
        let after = Array(before[..<2_000_000] + noise(100, seed: 2) + before[2_000_000...])
        let known = Set(chunks(before))
        let new = chunks(after).filter { !known.contains($0) }
        #expect(new.count <= 3)
    }

    @Test("are cut in the same places by every version: others would send everything again")
    func stable() {
        let lengths = chunks(noise(200_000)).map { "\($0.count)" }.joined(separator: " ")
        #expect(Digest.of(Array(lengths.utf8)).hex.prefix(16) == "bcc5eb22e5a9dd30")
    }

    @Test("come out of their frames as they were, and damaged ones not at all")
    func frames() throws {
        let chunk = [UInt8](repeating: 7, count: 5000) + noise(5000)
        let frame = try chunk.withUnsafeBytes { try ChunkFrame.frame(of: $0) }
        #expect(frame.count < 6000)
        #expect(try ChunkFrame.chunk(in: frame) == chunk)
        #expect(throws: LayerError.self) { try ChunkFrame.chunk(in: Array(frame.dropLast())) }
        let large = [UInt8](repeating: 7, count: ContentChunks.largest + 1)
        let bomb = try large.withUnsafeBytes { try ChunkFrame.frame(of: $0) }
        #expect(throws: LayerError.self) { try ChunkFrame.chunk(in: bomb) }
    }
}
