import CZstd

/// A chunk as it is kept: one frame of zstd, so that a run of them is a file that `zstd` reads.
package enum ChunkFrame {
    private static let level: Int32 = 3

    package static func frame(of chunk: UnsafeRawBufferPointer) throws(LayerError) -> [UInt8] {
        var result = 0
        let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(chunk.count)) { room, count in
            result = ZSTD_compress(room.baseAddress, room.count, chunk.baseAddress, chunk.count, level)
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else {
            throw .compressor("zstd: " + String(cString: ZSTD_getErrorName(result)))
        }
        return frame
    }

    /// The chunk in a frame from anywhere; one that would be larger than any chunk is refused.
    package static func chunk(in frame: [UInt8]) throws(LayerError) -> [UInt8] {
        var result = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: ContentChunks.largest) { room, count in
            result = ZSTD_decompress(room.baseAddress, room.count, frame, frame.count)
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else {
            throw .corrupt("zstd says: \(String(cString: ZSTD_getErrorName(result)))")
        }
        return chunk
    }
}
