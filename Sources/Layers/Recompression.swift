package import Linux
import OCI

/// Bytes that are a tar already, into a blob of another encoding.
///
/// The tar is not looked into: the DiffID of what comes out says whether it was the one that was meant. Its frames are
/// of one size, so the bytes follow from the tar and the compression alone.
package struct Recompression: ~Copyable {
    private static let frameSize = 4 << 20

    private var buffer = FrameBuffer(capacity: frameSize)
    private var output: FrameOutput
    private var hasher = DigestHasher()
    private var size: Int64 = 0

    /// Writes from the file's position on.
    package init(into file: consuming File, compression: Compression, threads: Int) throws(LayerError) {
        output = try FrameOutput(into: FileSink(file, for: .disk), compression, threads: threads)
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        let isDone = try output.ride(on: bytes.count) { part, blob in
            hasher.update(bytes, beside: part.bytes, of: &blob, copyingTo: part.copy)
        }
        if !isDone { hasher.update(bytes) }
        size += Int64(bytes.count)
        var rest = bytes
        while !rest.isEmpty {
            if buffer.count == Self.frameSize {
                try output.write(&buffer)
                buffer.reserve(Self.frameSize)
            }
            let count = min(rest.count, Self.frameSize - buffer.count)
            buffer.room.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            buffer.advance(by: count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    package consuming func finish() throws(LayerError) -> PackedTar {
        try output.finish(last: &buffer, of: DiffID(hasher.next()), uncompressedSize: size)
    }
}
