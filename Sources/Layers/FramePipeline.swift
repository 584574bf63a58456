import Linux
import OCI
import Synchronization

/// Frames between the thread that reads, those that compress, and the blob.
///
///     submit → [ inputs ] → compressed by anyone → [ outputs ] → named and written in order: see `BlobStream`
///
/// Memory is bounded by the places. Who reads is one of the threads: while there is no place for a frame it does what the
/// others do, so there are no more threads than processors, and none of them waits for another one's turn on one.
final class FramePipeline: Sendable {
    private let compression: Compression
    private let earlier: PackedFrames?
    private let inputs: FrameRing
    private let outputs: FrameRing
    private let progress: SharedState<FrameProgress>
    /// What else there is to do; returns whether there is more of it now.
    private let other = Mutex<(@Sendable () -> Bool)?>(nil)
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
            FrameProgress(threads: threads, inputs: inputCount, outputs: outputCount, readerWrites: readerWrites))
        blob = BlobStream(into: file, isNamed: compression != .none, of: outputs, progress)
    }

    /// One that writes nothing.
    init() {
        compression = .none
        earlier = nil
        inputs = FrameRing(count: 0)
        outputs = inputs
        progress = SharedState(FrameProgress(threads: 0, inputs: 0, outputs: 0, readerWrites: false))
        blob = BlobStream(into: nil, isNamed: false, of: outputs, progress)
    }

    /// Hands a frame to the threads and takes an empty buffer for it. Until there is a place for it, the caller does what
    /// they do.
    func submit(_ frame: inout FrameBuffer, by worker: FrameWorker) throws(LayerError) {
        while true {
            switch progress.wait(for: { $0.takeTurn(isReader: true) }) {
            case .submit(let ordinal):
                inputs.withBuffer(of: ordinal) { input in
                    swap(&input, &frame)
                    frame.removeAll()
                }
                return progress.update { $0.submit() }
            case .end: throw progress.update { $0.failure } ?? .compressor("its frames are not wanted any more")
            case let turn: try perform(turn, by: worker)
            }
        }
    }

    /// No further frame comes.
    func close() { progress.update { $0.close() } }

    /// Nobody wants the rest.
    func abandon() { progress.update { $0.abandon() } }

    /// Has threads do `work` while no frame waits for them, until it returns false.
    func whileIdle(do work: @escaping @Sendable () -> Bool) {
        other.withLock { $0 = work }
        progress.update { _ = $0.offer() }
    }

    /// There is more of that. Nobody is woken who would find all processors taken.
    func remind() {
        if progress.wait(for: { .some($0.offer()) }) { progress.update { _ in } }
    }

    /// What each thread does, until there is nothing left.
    func work() {
        do throws(LayerError) {
            try work(by: worker())
        } catch {
            progress.update { $0.abandon(because: error) }
        }
    }

    /// The same for who has read all.
    func work(by worker: FrameWorker) throws(LayerError) {
        while true {
            let turn = progress.wait { $0.takeTurn() }
            if turn == .end { return }
            try perform(turn, by: worker)
        }
    }

    private func perform(_ turn: FrameProgress.Turn, by worker: FrameWorker) throws(LayerError) {
        switch turn {
        case .compress(let ordinal):
            try compress(ordinal, by: worker)
            progress.update { $0.complete(ordinal) }
        case .write:
            try blob.writeFrame()
            progress.update { $0.endWriting() }
        case .other:
            let isMore = other.withLock(\.self)?() ?? false
            progress.update { $0.endOther(isMore: isMore) }
        case .submit, .end: return
        }
    }

    private func compress(_ ordinal: Int, by worker: FrameWorker) throws(LayerError) {
        try inputs.withBuffer(of: ordinal) { input throws(LayerError) in
            try outputs.withBuffer(of: ordinal) { output throws(LayerError) in
                output.removeAll()
                try worker.compress(input.bytes, ordinal: ordinal, into: &output)
            }
            // In the end several threads give memory back beside each other.
            if progress.wait(for: { .some(!$0.needsInput(after: ordinal)) }) { input = FrameBuffer(capacity: 0) }
        }
    }

    /// What one more thread works with.
    func worker() throws(LayerError) -> FrameWorker { try FrameWorker(compression, earlier) }

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
