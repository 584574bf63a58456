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

    /// How many bits of a hash zstd looks short matches up by, at the level that is used where nobody says another.
    ///
    /// Its own 16 make a table that takes a quarter of a processor's cache, beside the one for long matches. With 14 this
    /// level is 5 to 18 % faster, and what comes out 0.1 to 1.4 % larger: see <doc:Speed>. Other levels use the table for
    /// other things.
    private static let shortMatchLog: Int32 = 14

    init(level: Int) throws(LayerError) {
        guard let context = ZSTD_createCCtx() else { throw .compressor("zstd has no memory left") }
        var results = [
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level)),
            ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, Self.windowLog),
            ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1),
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0),
        ]
        if .zstd(level: level) == Compression.standard {
            results.append(ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, Self.shortMatchLog))
        }
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
