import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import Testing

@Suite("A recompression")
struct RecompressionTests {
    @Test("keeps the tar and names both sides", arguments: [Compression.none, .gzip(level: 9), .zstd(level: 3)])
    func keeps(compression: Compression) throws {
        let scratch = try Scratch()
        try shell("{ head -c 9000000 /dev/urandom; head -c 9000000 /dev/zero; } >tar", in: scratch.path)
        let bytes = try File(opening: scratch.path.appending("tar")).readAll(limit: 1 << 26)
        let summaries = try [1, 3].map { threads in
            var writer = try Recompression(
                into: File(opening: scratch.path.appending("blob"), O_RDWR | O_CREAT | O_TRUNC),
                compression: compression, threads: threads)
            try bytes.withUnsafeBytes { try writer.write($0) }
            return try writer.finish()
        }
        #expect(Set(summaries).count == 1)
        let read = compression == .none ? "cat" : compression == .zstd(level: 3) ? "zstd -dcq" : "gzip -dc"
        try shell("\(read) blob | cmp - tar", in: scratch.path)
        #expect(try shell("sha256sum <tar", in: scratch.path) == "\(summaries[0].diffID.digest.hex)  -\n")
        #expect(try shell("sha256sum <blob", in: scratch.path) == "\(summaries[0].digest.hex)  -\n")
    }
}
