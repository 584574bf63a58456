import Synchronization

/// Buffers for frames, each of which serves one frame after the other: that of the next ordinal behind all of them.
///
/// A mutex for each, since arrays hold no noncopyable values. They are never contended: ``FrameProgress`` says whose
/// turn it is.
struct FrameRing: Sendable {
    private final class Place: Sendable {
        let buffer = Mutex(FrameBuffer(capacity: 0))
    }

    private let places: [Place]

    init(count: Int) { places = (0..<count).map { _ in Place() } }

    /// Passes the buffer that serves the frame to `body`.
    func withBuffer<Result, Failure: Error>(
        of ordinal: Int, _ body: (inout FrameBuffer) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try places[ordinal % places.count].buffer.withLock { buffer throws(Failure) in try body(&buffer) }
    }
}
