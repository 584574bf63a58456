import CIsal

/// What gzip compressed, as one member or several; each member's checksum is verified.
final class GzipSource: ByteSource {
    private let source: FileSource
    private let library: DeflateLibrary
    private let state: UnsafeMutablePointer<inflate_state>
    private let input: UnsafeMutableRawBufferPointer
    private var isFinished = false

    init(_ source: FileSource) throws(LayerError) {
        library = try DeflateLibrary.load()
        self.source = source
        state = .allocate(capacity: 1)
        input = .allocate(byteCount: 1 << 17, alignment: 64)
        library.beginInflate(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    deinit {
        state.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(clamping: buffer.count)
        let room = state.pointee.avail_out
        while !isFinished, state.pointee.avail_out == room {
            if state.pointee.block_state == ISAL_BLOCK_FINISH {
                isFinished = try !nextMember()
                continue
            }
            let isEnd = try refill()
            let code = library.inflate(state)
            guard code == ISAL_DECOMP_OK || code == ISAL_END_INPUT else {
                throw .corrupt(
                    code == ISAL_INCORRECT_CHECKSUM ? "a gzip checksum is wrong" : "the gzip data is damaged")
            }
            let isStuck = state.pointee.avail_out == room && state.pointee.block_state != ISAL_BLOCK_FINISH
            if isEnd, isStuck { throw .corrupt("the gzip data ends too early") }
        }
        return Int(room - state.pointee.avail_out)
    }

    /// Makes sure that there is input if the file has more; true at its end.
    private func refill() throws(LayerError) -> Bool {
        guard state.pointee.avail_in == 0 else { return false }
        let count = try source.read(into: input)
        state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(count)
        return count == 0
    }

    /// Goes on to the next member; false if nothing but padding is left.
    private func nextMember() throws(LayerError) -> Bool {
        while true {
            if try refill() { return false }
            guard let next = state.pointee.next_in else { return false }
            if next.pointee != 0 { break }
            state.pointee.next_in = next + 1
            state.pointee.avail_in -= 1
        }
        let (next, count) = (state.pointee.next_in, state.pointee.avail_in)
        library.resetInflate(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
        (state.pointee.next_in, state.pointee.avail_in) = (next, count)
        return true
    }
}
