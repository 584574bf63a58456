/// Compresses frames, each on its own. One serves one thread.
enum FrameCompressor: ~Copyable, Sendable {
    case none
    case gzip(GzipCompressor)
    case zstd(ZstdCompressor)

    init(_ compression: Compression) throws(LayerError) {
        switch compression {
        case .none: self = .none
        case .gzip(let level): self = .gzip(try GzipCompressor(level: level))
        case .zstd(let level): self = .zstd(try ZstdCompressor(level: level))
        }
    }

    /// Appends to `output` what stands for `input` in the blob.
    func compress(_ input: UnsafeRawBufferPointer, into output: inout FrameBuffer) throws(LayerError) {
        switch self {
        case .none:
            output.reserve(output.count + input.count)
            output.room.copyMemory(from: input)
            output.advance(by: input.count)
        case .gzip(let gzip): try gzip.compress(input, into: &output)
        case .zstd(let zstd): try zstd.compress(input, into: &output)
        }
    }
}
