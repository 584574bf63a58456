/// Compresses frames, or finds what they were compressed to before. One serves one thread.
final class FrameWorker {
    private let compressor: FrameCompressor
    private let matcher: FrameMatcher?

    /// `earlier`: as for ``LayerWriter``.
    init(_ compression: Compression, _ earlier: PackedFrames?) throws(LayerError) {
        compressor = try FrameCompressor(compression)
        matcher = try FrameMatcher(earlier)
    }

    /// Appends to `output` what stands for `input` in the blob.
    func compress(
        _ input: UnsafeRawBufferPointer, ordinal: Int, into output: inout FrameBuffer
    ) throws(LayerError) {
        if matcher?.copy(input, ordinal: ordinal, into: &output) == true { return }
        try compressor.compress(input, into: &output)
    }
}
