import Linux
import OCI
import Synchronization

/// Frames between the thread that reads, those that compress, and the file.
///
///     submit → [ inputs ] → compressed by anyone → [ outputs ] → written in order by whoever completes the next one
///                                                              → named in order: see `FrameNaming`
///
/// Memory is bounded by the places: the reader waits for a free one.
final class FramePipeline: Sendable {
    private let compression: Compression
    private let earlier: PackedFrames?
    private let inputs: FrameRing
    private let outputs: FrameRing
    private let progress: SharedState<FrameProgress>
    /// Where what stands for the frames is written, in their order; `nil` once it is finished, and where nothing is to be
    /// written.
    private let file: Mutex<FileSink?>
    /// `nil` where the blob is the tar, which has a name.
    let naming: FrameNaming?

    init(
        into file: consuming FileSink, _ compression: Compression, threads: Int, reusing earlier: PackedFrames?
    ) {
        self.compression = compression
        self.earlier = earlier
        // A place for the next frame while all threads are at one, and another for a frame that waits to be named.
        let (inputCount, outputCount) = (threads + 1, threads + 2)
        inputs = FrameRing(count: inputCount)
        outputs = FrameRing(count: outputCount)
        progress = SharedState(FrameProgress(inputs: inputCount, outputs: outputCount))
        self.file = Mutex(file)
        naming = compression == .none ? nil : FrameNaming(of: outputs, progress)
    }

    /// One that writes nothing.
    init() {
        compression = .none
        earlier = nil
        inputs = FrameRing(count: 0)
        outputs = inputs
        progress = SharedState(FrameProgress(inputs: 0, outputs: 0))
        file = Mutex(nil)
        naming = nil
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
                    try writeCompleted(with: ordinal)
                case .name:
                    naming?.nameFrame()
                    progress.update { $0.endNaming() }
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
        }
    }

    /// Writes every frame that is complete and next in order, unless another thread is at it already.
    private func writeCompleted(with ordinal: Int) throws(LayerError) {
        progress.update { $0.complete(ordinal) }
        while let next = progress.update({ $0.beginWriting() }) {
            try outputs.withBuffer(of: next) { output throws(LayerError) in
                try file.withLock { file throws(LayerError) in try file?.write(output.bytes) }
            }
            progress.update { $0.endWriting() }
        }
    }

    /// The way of a frame that needs no threads.
    func compressHere(_ frame: inout FrameBuffer) throws(LayerError) {
        if compression == .none {
            try write(frame.bytes)
        } else {
            var output = FrameBuffer(capacity: 0)
            try FrameCompressor(compression).compress(frame.bytes, into: &output)
            try write(output.bytes)
        }
        frame.removeAll()
    }

    /// Names and writes bytes between the frames: only while no thread works.
    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        naming?.name(bytes)
        try file.withLock { file throws(LayerError) in try file?.write(bytes) }
    }

    /// The name and the size of what was written, once the threads are done; `nil` if that is the tar.
    func finish() throws(LayerError) -> (digest: Digest, size: Int64)? {
        if let failure = progress.update({ $0.failure }) { throw failure }
        try file.withLock { $0.take() }?.finish()
        return naming?.finish()
    }
}
