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
    /// Where frames end up, in their order: their own bytes are named and what stands for them is written.
    private struct End: ~Copyable {
        var tar = DigestHasher()
        var size: Int64 = 0
        /// `nil` where only names are wanted.
        var blob: DigestSink<FileSink>?

        mutating func write(_ frame: UnsafeRawBufferPointer, as output: UnsafeRawBufferPointer) throws(LayerError) {
            tar.update(frame)
            size += Int64(frame.count)
            try blob?.write(output)
        }

        consuming func finish() throws(LayerError) -> FrameStream.Summary {
            guard let blob = blob.take() else {
                let diffID = DiffID(tar.finish())
                return FrameStream.Summary(
                    diffID: diffID, uncompressedSize: size, digest: diffID.digest, size: size)
            }
            let written = try blob.finish()
            return FrameStream.Summary(
                diffID: DiffID(tar.finish()), uncompressedSize: size, digest: written.digest, size: written.size)
        }
    }

    /// `nil` once it is finished.
    private let end: Mutex<End?>

    init(into file: consuming File, _ compression: Compression, slots: Int, reusing earlier: PackedFrames?) {
        self.compression = compression
        self.earlier = earlier
        places = (0..<slots).map { _ in Place() }
        end = Mutex(End(blob: DigestSink(FileSink(file))))
    }

    /// One that writes nothing, and names what it is given.
    init() {
        compression = .none
        earlier = nil
        places = []
        end = Mutex(End(blob: nil))
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
            try end.withLock { end throws(LayerError) in try end?.write(frame.bytes, as: frame.bytes) }
            return frame.removeAll()
        }
        var output = FrameBuffer(capacity: 0)
        try FrameCompressor(compression).compress(frame.bytes, into: &output)
        try end.withLock { end throws(LayerError) in try end?.write(frame.bytes, as: output.bytes) }
        frame.removeAll()
    }

    /// Bytes between the frames: only while no thread works.
    func write(_ bytes: [UInt8]) throws(LayerError) {
        try bytes.withUnsafeBufferPointer { bytes throws(LayerError) in
            try end.withLock { end throws(LayerError) in try end?.blob?.write(UnsafeRawBufferPointer(bytes)) }
        }
    }

    /// The names of what was written, once the threads are done.
    func finish() throws(LayerError) -> FrameStream.Summary {
        if let failure = progress.update({ $0.failure }) { throw failure }
        guard let end = end.withLock({ $0.take() }) else { throw .compressor("a layer is finished once") }
        return try end.finish()
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
                try end.withLock { end throws(LayerError) in
                    try end?.write(slot.input.bytes, as: slot.output.bytes)
                }
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
