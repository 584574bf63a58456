import Linux
import OCI

/// Gathers the tar's bytes into frames, names them on the way, and hands full frames on.
///
/// A class, since libarchive keeps a pointer to it.
final class FrameStream {
    /// How much may lie unhashed: little enough to be still in the processor's cache.
    private static let unhashedLimit = 1 << 17

    struct Summary {
        let diffID: DiffID
        let uncompressedSize: Int64
        let digest: Digest
        let size: Int64
    }

    private var buffer = FrameBuffer(capacity: FrameCutter.largest)
    private var hashed = 0
    private var hasher = DigestHasher()
    private var size: Int64 = 0
    private var output: FrameOutput
    /// What went wrong inside one of libarchive's calls, which can only say that something did.
    private(set) var failure: LayerError?

    init(_ output: consuming FrameOutput) { self.output = output }

    /// Ends the frame here if an entry should start the next one.
    func prepare(for path: TreePath, size: Int64) throws(LayerError) {
        if FrameCutter.cuts(before: path, size: size, filled: buffer.count) { try cut() }
    }

    /// Free memory, never empty, into which the next bytes may be read before they are appended.
    func room() throws(LayerError) -> UnsafeMutableRawBufferPointer {
        if buffer.count == FrameCutter.largest { try cut() }
        return buffer.room
    }

    /// Appends bytes; those that were read into `room` already are where they belong.
    func append(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        var rest = bytes
        while !rest.isEmpty {
            let room = try room()
            let part = UnsafeRawBufferPointer(rebasing: rest[..<min(rest.count, room.count)])
            if part.baseAddress != UnsafeRawPointer(room.baseAddress) { room.copyMemory(from: part) }
            buffer.advance(by: part.count)
            if buffer.count - hashed >= Self.unhashedLimit { hash() }
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
    }

    /// Appends for libarchive: true if it worked, and the error kept otherwise.
    func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(LayerError) {
            try append(bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }

    func finish() throws(LayerError) -> Summary {
        hash()
        let hasher = exchange(&hasher, with: DigestHasher())
        let written = try output.finish(last: &buffer)
        let diffID = DiffID(hasher.finish())
        return Summary(diffID: diffID, uncompressedSize: size, digest: written.digest, size: written.size)
    }

    private func cut() throws(LayerError) {
        hash()
        hashed = 0
        try output.write(&buffer)
        buffer.reserve(FrameCutter.largest)
    }

    private func hash() {
        let fresh = UnsafeRawBufferPointer(rebasing: buffer.bytes[hashed...])
        hasher.update(fresh)
        size += Int64(fresh.count)
        hashed = buffer.count
    }
}
