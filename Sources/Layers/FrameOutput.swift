import Linux
import OCI

/// Frames on their way to the file: compressed, put in order, named, written.
struct FrameOutput: ~Copyable {
    private let compression: Compression
    private let compressor: FrameCompressor
    private var sink: DigestSink<FileSink>
    private var output = FrameBuffer(capacity: 0)
    private var checksum: UInt32 = 0
    private var size: Int64 = 0

    init(into file: consuming File, _ compression: Compression, threads: Int) throws(LayerError) {
        self.compression = compression
        compressor = try FrameCompressor(compression)
        sink = DigestSink(FileSink(file))
    }

    mutating func write(_ frame: inout FrameBuffer) throws(LayerError) {
        try compress(frame)
        frame.removeAll()
    }

    mutating func finish(last frame: borrowing FrameBuffer) throws(LayerError) -> (digest: Digest, size: Int64) {
        try compress(frame)
        let sink = exchange(&sink, with: DigestSink(FileSink(File(OwnedDescriptor(-1)))))
        let summary = try sink.finish()
        return (summary.digest, summary.size)
    }

    private mutating func compress(_ frame: borrowing FrameBuffer) throws(LayerError) {
        output.removeAll()
        try compressor.compress(frame.bytes, into: &output)
        try sink.write(output.bytes)
    }
}
