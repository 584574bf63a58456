import Linux
import OCI

/// Names the tar's bytes, and the blob's beside them, gathers them into frames and hands full frames on.
///
/// A class, since libarchive keeps a pointer to it.
final class FrameStream {
    private var buffer = FrameBuffer(capacity: FrameCutter.largest)
    private var output: FrameOutput
    private var hasher = DigestHasher()
    private var size: Int64 = 0
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
        let isDone = try output.ride(on: bytes.count) { part, blob in
            hasher.update(bytes, beside: part.bytes, of: &blob, copyingTo: part.copy)
        }
        if !isDone { hasher.update(bytes) }
        try gather(bytes)
    }

    /// The same for bytes that have a name of their own besides.
    func append(_ bytes: UnsafeRawBufferPointer, naming contents: inout DigestHasher) throws(LayerError) {
        let isDone = try output.ride(on: bytes.count) { part, blob in
            hasher.update(bytes, with: &contents, beside: part.bytes, of: &blob, copyingTo: part.copy)
        }
        if !isDone { hasher.update(bytes, with: &contents) }
        try gather(bytes)
    }

    private func gather(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        size += Int64(bytes.count)
        var rest = bytes
        while !rest.isEmpty {
            let room = try room()
            let part = UnsafeRawBufferPointer(rebasing: rest[..<min(rest.count, room.count)])
            if part.baseAddress != UnsafeRawPointer(room.baseAddress) { room.copyMemory(from: part) }
            buffer.advance(by: part.count)
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
    }

    /// Appends so many zeros, fewer than a block.
    func appendZeros(_ count: Int) throws(LayerError) {
        try Self.zeros.withUnsafeBufferPointer { zeros throws(LayerError) in
            try append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: zeros[..<count])))
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 512)

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

    /// As for ``LayerWriter``.
    func whileIdle(do work: @escaping @Sendable () -> Bool) throws(LayerError) -> IdleThreads? {
        try output.whileIdle(do: work)
    }

    func finish(meanwhile: () -> Void) throws(LayerError) -> PackedTar {
        try output.finish(last: &buffer, of: DiffID(hasher.next()), uncompressedSize: size, meanwhile: meanwhile)
    }

    private func cut() throws(LayerError) {
        try output.write(&buffer)
        buffer.reserve(FrameCutter.largest)
    }
}
