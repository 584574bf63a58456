import CIsal

/// Pieces of one raw deflate stream, each ending on a byte with a full flush, so that none looks back into another.
///
/// Together with `header` and `trailer` they are a single gzip member, which every reader of gzip accepts.
struct GzipCompressor: ~Copyable, Sendable {
    /// RFC 1952: deflate, no name, no time, system unknown.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    // Both are the compressor's own, and it has one owner: whoever holds it is the only one to touch them.
    private nonisolated(unsafe) let stream: UnsafeMutablePointer<isal_zstream>
    private nonisolated(unsafe) let workspace: UnsafeMutableRawBufferPointer
    private let level: UInt32
    private let library: DeflateLibrary

    /// isa-l knows three levels worth having: 1 to 3 become its 1, 4 to 6 its 2, 7 to 9 its 3.
    init(level: Int) throws(LayerError) {
        library = try DeflateLibrary.load()
        self.level = level < 4 ? 1 : level < 7 ? 2 : 3
        stream = .allocate(capacity: 1)
        workspace = .allocate(byteCount: 1 << 20, alignment: 64)
    }

    deinit {
        stream.deallocate()
        workspace.deallocate()
    }

    func compress(_ input: UnsafeRawBufferPointer, into output: inout FrameBuffer) throws(LayerError) {
        library.beginDeflate(stream)
        stream.pointee.level = level
        stream.pointee.level_buf = workspace.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.level_buf_size = UInt32(workspace.count)
        stream.pointee.flush = UInt16(FULL_FLUSH)
        stream.pointee.end_of_stream = 0
        stream.pointee.next_in = UnsafeMutableRawBufferPointer(mutating: input).bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        output.reserve(output.count + input.count + input.count / 16 + 4096)
        repeat {
            if output.room.isEmpty { output.reserve(output.count * 2) }
            let room = output.room
            stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(room.count)
            let result = library.deflate(stream)
            guard result == COMP_OK else { throw .compressor("isa-l: error \(result)") }
            output.advance(by: room.count - Int(stream.pointee.avail_out))
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
    }

    /// An empty last block, then what RFC 1952 puts at the end: the CRC of all bytes and their count.
    static func trailer(checksum: UInt32, size: Int64) -> [UInt8] {
        var bytes: [UInt8] = [3, 0]
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: size).littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    static func checksum(_ before: UInt32, _ bytes: UnsafeRawBufferPointer) throws(LayerError) -> UInt32 {
        try DeflateLibrary.load().checksum(
            before, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
    }
}
