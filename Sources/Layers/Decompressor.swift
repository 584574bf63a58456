package import Linux
import OCI

/// The decompressed bytes of an archive, whatever it is packed with. Nothing is ever executed for it.
///
/// A thread reads and decompresses ahead; it ends when this is dropped.
package struct Decompressor: ~Copyable {
    private let stream: InflatedStream
    private let thread: JoinedThread
    private var buffer: FrameBuffer?
    private var used = 0

    /// Reads from the file's position on. - Throws: `notAnArchive` if the first bytes begin none.
    package init(
        _ file: consuming File, limits: ArchiveLimits = ArchiveLimits(), interruption: Interruption? = nil
    ) throws(LayerError) {
        let stream = try InflatedStream(file, limits: limits, interruption: interruption)
        let thread: JoinedThread
        do { thread = try JoinedThread { stream.work() } } catch { throw .system(error) }
        self.stream = stream
        self.thread = thread
    }

    deinit { stream.abandon() }

    package var format: ArchiveFormat { stream.format }

    /// Passes on the next bytes, at most so many; returns how many there were, 0 at the end.
    package mutating func read(
        upTo limit: Int64 = .max, _ body: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) -> Int {
        if buffer == nil || used == buffer?.count { try refill() }
        guard let bytes = buffer?.bytes else { return 0 }
        let count = Int(min(Int64(bytes.count - used), limit))
        try body(UnsafeRawBufferPointer(rebasing: bytes[used..<(used + count)]))
        used += count
        return count
    }

    /// Reads what is left; returns what the whole archive was, but for the number of its entries.
    package mutating func finish() throws(LayerError) -> ArchiveSummary {
        while try read({ _ in }) > 0 {}
        return try stream.summary()
    }

    private mutating func refill() throws(LayerError) {
        let done = buffer.take()
        used = 0
        buffer = try stream.next(recycling: done)
    }
}
