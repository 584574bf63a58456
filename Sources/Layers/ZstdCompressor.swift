import CZstd

/// One zstd frame after the other, each with its content's size and without a checksum.
///
/// The blob's digest and the DiffID both cover every byte already, so a third sum would guard nothing. The size lets
/// readers allocate once and makes a frame's window no larger than the frame. The window is as large as a frame can be,
/// which is what every reader must allow (RFC 8878, section 3.1.1.1.2): a frame begins without a past, and this makes
/// up for it.
struct ZstdCompressor: ~Copyable, Sendable {
    /// The compressor's own, and it has one owner: zstd binds a context to no thread.
    private nonisolated(unsafe) let context: OpaquePointer

    /// 8 MiB.
    private static let windowLog = Int32(FrameCutter.largest.trailingZeroBitCount)

    init(level: Int) throws(LayerError) {
        guard let context = ZSTD_createCCtx() else { throw .compressor("zstd has no memory left") }
        let results = [
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level)),
            ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, Self.windowLog),
            ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1),
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0),
        ]
        guard results.allSatisfy({ ZSTD_isError($0) == 0 }) else {
            ZSTD_freeCCtx(context)
            throw .compressor("zstd has no level \(level)")
        }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    func compress(_ input: UnsafeRawBufferPointer, into output: inout FrameBuffer) throws(LayerError) {
        output.reserve(ZSTD_compressBound(input.count))
        let room = output.room
        let written = ZSTD_compress2(context, room.baseAddress, room.count, input.baseAddress, input.count)
        guard ZSTD_isError(written) == 0 else {
            throw .compressor("zstd: " + String(cString: ZSTD_getErrorName(written)))
        }
        output.advance(by: written)
    }
}
