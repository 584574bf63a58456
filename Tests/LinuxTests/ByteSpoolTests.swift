import SystemPackage
import Testing

@testable import Linux

@Suite("ByteSpool") struct ByteSpoolTests {
    /// More than is kept in memory, in pieces that fit no border.
    private static let pieces = (0..<1500).map { number in [UInt8](repeating: UInt8(number & 0xFF), count: 999) }

    @Test(
        "What was appended is read back from any place, wherever it is kept",
        arguments: ["/tmp" as FilePath?, nil, "/proc"])
    func reading(folder: FilePath?) throws {
        var spool = ByteSpool(in: folder)
        for piece in Self.pieces { spool.append(piece) }
        let all = Array(Self.pieces.joined())
        for range in [0..<1, 0..<all.count, 524_000..<525_000, 1_047_000..<1_050_000, all.count - 5..<all.count, 7..<7]
        {
            #expect(try spool.bytes(in: range) == Array(all[range]))
        }
        let complete = spool.finish()
        #expect(complete.count == all.count)
        var read: [UInt8] = []
        try complete.forEachPortion { read += $0 }
        #expect(read == all)
    }

    @Test("A file is read in the same way")
    func file() throws {
        let file = try File.scratch(in: "/tmp")
        try file.write(Array("some bytes".utf8))
        let bytes = try SpooledBytes(file)
        #expect(bytes.count == 10)
        #expect(try bytes.bytes(in: 5..<10) == Array("bytes".utf8))
    }
}
