import Linux
import OCI
import Synchronization

/// A ring of frames between the thread that reads, those that compress, and the file.
///
///     submit → [ slot 0 | slot 1 | … ] → compressed by anyone → written in order by whoever completes the next one
///
/// Memory is bounded by the slots: the reader waits for a free one.
final class FramePipeline: Sendable {
    private struct Slot: ~Copyable {
        var input = FrameBuffer(capacity: 0)
        var output = FrameBuffer(capacity: 0)
    }

    /// A mutex of its own, since arrays hold no noncopyable values. Never contended: `Progress` says whose turn it is.
    private final class Place: Sendable {
        let slot = Mutex(Slot())
    }

    private struct Progress: Sendable {
        var submitted = 0
        var claimed = 0
        var compressed: Set<Int> = []
        var written = 0
        var isWriting = false
        var isClosed = false
        var failure: LayerError?
    }

    private let compression: Compression
    private let earlier: PackedFrames?
    private let places: [Place]
    private let progress = SharedState(Progress())
    /// Where what stands for the frames is named and written, in their order; `nil` once it is finished, and where
    /// nothing is to be written.
    private let blob: Mutex<DigestSink<FileSink>?>

    init(
        into file: consuming FileSink, _ compression: Compression, slots: Int, reusing earlier: PackedFrames?
    ) {
        self.compression = compression
        self.earlier = earlier
        places = (0..<slots).map { _ in Place() }
        blob = Mutex(DigestSink(file))
    }

    /// One that writes nothing.
    init() {
        compression = .none
        earlier = nil
        places = []
        blob = Mutex(nil)
    }

    /// Hands a frame to the threads and takes an empty buffer for it.
    func submit(_ frame: inout FrameBuffer) throws(LayerError) {
        let turn: Result<Int, LayerError> = progress.wait { [places] progress in
            if let failure = progress.failure { return .failure(failure) }
            return progress.submitted - progress.written < places.count ? .success(progress.submitted) : nil
        }
        places[try turn.get() % places.count].slot.withLock { slot in
            swap(&slot.input, &frame)
            frame.removeAll()
        }
        progress.update { $0.submitted += 1 }
    }

    /// No further frame comes.
    func close() { progress.update { $0.isClosed = true } }

    /// Nobody wants the rest: the threads end with the frames they are at.
    func abandon() {
        progress.update { progress in
            progress.isClosed = true
            progress.claimed = progress.submitted
        }
    }

    /// What each compressing thread does, until there is nothing left.
    func work() {
        do throws(LayerError) {
            let compressor = try FrameCompressor(compression)
            let matcher = try FrameMatcher(earlier)
            while let ordinal = nextToCompress() {
                try places[ordinal % places.count].slot.withLock { slot throws(LayerError) in
                    slot.output.removeAll()
                    if matcher?.copy(slot.input.bytes, ordinal: ordinal, into: &slot.output) == true { return }
                    try compressor.compress(slot.input.bytes, into: &slot.output)
                }
                try writeCompleted(with: ordinal)
            }
        } catch {
            progress.update { progress in
                progress.failure = progress.failure ?? error
                progress.isClosed = true
                progress.claimed = progress.submitted
            }
        }
    }

    /// The way of a frame that needs no threads.
    func compressHere(_ frame: inout FrameBuffer) throws(LayerError) {
        guard compression != .none else {
            try blob.withLock { blob throws(LayerError) in try blob?.write(frame.bytes) }
            return frame.removeAll()
        }
        var output = FrameBuffer(capacity: 0)
        try FrameCompressor(compression).compress(frame.bytes, into: &output)
        try blob.withLock { blob throws(LayerError) in try blob?.write(output.bytes) }
        frame.removeAll()
    }

    /// Bytes between the frames: only while no thread works.
    func write(_ bytes: [UInt8]) throws(LayerError) {
        try bytes.withUnsafeBufferPointer { bytes throws(LayerError) in
            try blob.withLock { blob throws(LayerError) in try blob?.write(UnsafeRawBufferPointer(bytes)) }
        }
    }

    /// The name and the size of what was written, once the threads are done; `nil` if nothing was to be.
    func finish() throws(LayerError) -> DigestSink<FileSink>.Summary? {
        if let failure = progress.update({ $0.failure }) { throw failure }
        guard let blob = blob.withLock({ $0.take() }) else { return nil }
        return try blob.finish()
    }

    private func nextToCompress() -> Int? {
        progress.wait { progress -> Int?? in
            guard progress.claimed < progress.submitted else { return progress.isClosed ? .some(nil) : nil }
            progress.claimed += 1
            return progress.claimed - 1
        }
    }

    /// Writes every frame that is complete and next in order, unless another thread is at it already.
    private func writeCompleted(with ordinal: Int) throws(LayerError) {
        progress.update { _ = $0.compressed.insert(ordinal) }
        while let next = nextToWrite() {
            try places[next % places.count].slot.withLock { slot throws(LayerError) in
                try blob.withLock { blob throws(LayerError) in try blob?.write(slot.output.bytes) }
            }
            progress.update { progress in
                progress.written += 1
                progress.isWriting = false
            }
        }
    }

    private func nextToWrite() -> Int? {
        progress.update { progress in
            guard !progress.isWriting, progress.compressed.remove(progress.written) != nil else { return nil }
            progress.isWriting = true
            return progress.written
        }
    }
}
