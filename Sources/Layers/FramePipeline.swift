import Linux
import OCI

/// Frames between the thread that reads, those that compress, and the blob.
///
///     submit → [ inputs ] → compressed by anyone → [ outputs ] → named and written in order: see `BlobStream`
///
/// Memory is bounded by the places: the reader waits for a free one.
final class FramePipeline: Sendable {
    private let compression: Compression
    private let earlier: PackedFrames?
    private let inputs: FrameRing
    private let outputs: FrameRing
    private let progress: SharedState<FrameProgress>
    let blob: BlobStream

    init(
        into file: consuming FileSink, _ compression: Compression, threads: Int, reusing earlier: PackedFrames?
    ) {
        self.compression = compression
        self.earlier = earlier
        // A place for the next frame while all threads are at one, and another for a frame that waits to be written.
        let (inputCount, outputCount) = (threads + 1, threads + 2)
        inputs = FrameRing(count: inputCount)
        outputs = FrameRing(count: outputCount)
        // gzip is faster than whoever reads: its threads have time.
        let readerWrites = if case .zstd = compression { DigestHasher.takeTurns } else { false }
        progress = SharedState(
            FrameProgress(inputs: inputCount, outputs: outputCount, readerWrites: readerWrites))
        blob = BlobStream(into: file, isNamed: compression != .none, of: outputs, progress)
    }

    /// One that writes nothing.
    init() {
        compression = .none
        earlier = nil
        inputs = FrameRing(count: 0)
        outputs = inputs
        progress = SharedState(FrameProgress(inputs: 0, outputs: 0, readerWrites: false))
        blob = BlobStream(into: nil, isNamed: false, of: outputs, progress)
    }

    /// Hands a frame to the threads and takes an empty buffer for it.
    func submit(_ frame: inout FrameBuffer) throws(LayerError) {
        let turn: Result<Int, LayerError> = progress.wait { progress in
            if let failure = progress.failure { return .failure(failure) }
            return progress.hasRoom ? .success(progress.submitted) : nil
        }
        inputs.withBuffer(of: try turn.get()) { input in
            swap(&input, &frame)
            frame.removeAll()
        }
        progress.update { $0.submit() }
    }

    /// No further frame comes.
    func close() { progress.update { $0.close() } }

    /// Nobody wants the rest.
    func abandon() { progress.update { $0.abandon() } }

    /// What each compressing thread does, until there is nothing left.
    func work() {
        do throws(LayerError) {
            let compressor = try FrameCompressor(compression)
            let matcher = try FrameMatcher(earlier)
            while true {
                switch progress.wait(for: { $0.takeTurn() }) {
                case .compress(let ordinal):
                    try compress(ordinal, compressor, matcher)
                    progress.update { $0.complete(ordinal) }
                case .write:
                    try blob.writeFrame()
                    progress.update { $0.endWriting() }
                case .end: return
                }
            }
        } catch {
            progress.update { $0.abandon(because: error) }
        }
    }

    private func compress(
        _ ordinal: Int, _ compressor: borrowing FrameCompressor, _ matcher: FrameMatcher?
    ) throws(LayerError) {
        try inputs.withBuffer(of: ordinal) { input throws(LayerError) in
            try outputs.withBuffer(of: ordinal) { output throws(LayerError) in
                output.removeAll()
                if matcher?.copy(input.bytes, ordinal: ordinal, into: &output) == true { return }
                try compressor.compress(input.bytes, into: &output)
            }
            // In the end several threads give memory back beside each other.
            if progress.wait(for: { .some(!$0.needsInput(after: ordinal)) }) { input = FrameBuffer(capacity: 0) }
        }
    }

    /// The way of a frame that needs no threads.
    func compressHere(_ frame: inout FrameBuffer) throws(LayerError) {
        if compression == .none {
            try blob.write(frame.bytes)
        } else {
            var output = FrameBuffer(capacity: 0)
            try FrameCompressor(compression).compress(frame.bytes, into: &output)
            try blob.write(output.bytes)
        }
        frame.removeAll()
    }

    /// The name and the size of what was written, once the threads are done; `nil` if that is the tar.
    func finish() throws(LayerError) -> (digest: Digest, size: Int64)? {
        if let failure = progress.update({ $0.failure }) { throw failure }
        return try blob.finish()
    }
}
