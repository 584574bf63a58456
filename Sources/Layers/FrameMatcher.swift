import CZstd
import Glibc

/// Finds what a frame was compressed to before. One serves one thread.
///
/// Whether a packed frame holds the same bytes is decided by unpacking and comparing, which takes a quarter of the time
/// of compressing and trusts nothing: the blob may be damaged.
final class FrameMatcher {
    private let earlier: PackedFrames
    private let context: OpaquePointer
    private let part: UnsafeMutableRawBufferPointer

    /// `nil` without frames to look among.
    init?(_ earlier: PackedFrames?) throws(LayerError) {
        guard let earlier else { return nil }
        guard let context = ZSTD_createDCtx() else { throw .compressor("zstd has no memory left") }
        self.earlier = earlier
        self.context = context
        part = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 64)
    }

    deinit {
        ZSTD_freeDCtx(context)
        part.deallocate()
    }

    /// Puts into `output` what an earlier frame with these contents was compressed to; false if there is none.
    func copy(_ contents: UnsafeRawBufferPointer, ordinal: Int, into output: inout FrameBuffer) -> Bool {
        for frame in earlier.candidates(holding: contents.count, near: ordinal) {
            output.reserve(frame.size)
            guard earlier.read(frame, into: output.room) else { continue }
            guard holds(UnsafeRawBufferPointer(rebasing: output.room[..<frame.size]), contents) else { continue }
            output.advance(by: frame.size)
            return true
        }
        return false
    }

    /// True if the frame is whole and holds exactly these bytes. The first part that differs ends it.
    private func holds(_ frame: UnsafeRawBufferPointer, _ contents: UnsafeRawBufferPointer) -> Bool {
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        var input = ZSTD_inBuffer(src: frame.baseAddress, size: frame.count, pos: 0)
        var compared = 0
        while true {
            var output = ZSTD_outBuffer(dst: part.baseAddress, size: part.count, pos: 0)
            let left = ZSTD_decompressStream(context, &output, &input)
            let count = output.pos
            guard ZSTD_isError(left) == 0, count <= contents.count - compared, let expected = contents.baseAddress,
                let found = part.baseAddress, memcmp(found, expected + compared, count) == 0
            else { return false }
            compared += count
            if left == 0 { return input.pos == frame.count && compared == contents.count }
            // It wants more than there is.
            guard count > 0 || input.pos < input.size else { return false }
        }
    }
}
