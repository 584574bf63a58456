import CZstd

/// What zstd compressed, as one frame or many.
final class ZstdSource: ByteSource {
    private let source: FileSource
    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    private var window = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
    /// What is left of the frame, as the library guesses; 0 between frames.
    private var expected = 0

    init(_ source: FileSource) throws(LayerError) {
        guard let context = ZSTD_createDCtx() else { throw .compressor("zstd has no memory") }
        self.source = source
        self.context = context
        input = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 64)
        // A frame that asks for more than 128 MiB of memory is refused.
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        ZSTD_freeDCtx(context)
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos == 0 {
            if window.pos == window.size { try refill() }
            // Without input it may still have something to give.
            let isAtEnd = window.size == 0
            if isAtEnd, expected == 0 { return 0 }
            let left = ZSTD_decompressStream(context, &output, &window)
            guard ZSTD_isError(left) == 0 else {
                throw .corrupt("zstd says: \(String(cString: ZSTD_getErrorName(left)))")
            }
            expected = left
            if isAtEnd, output.pos == 0, expected != 0 { throw .corrupt("the zstd data ends too early") }
        }
        return output.pos
    }

    private func refill() throws(LayerError) {
        let count = try source.read(into: input)
        window = ZSTD_inBuffer(src: input.baseAddress, size: count, pos: 0)
    }
}
