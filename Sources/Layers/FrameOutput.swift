import Linux
import OCI

/// Frames on their way to the blob: compressed, named, and written in their order.
///
/// A layer of a single frame is compressed where it stands; the threads start with the second one, or with what
/// else they are to do.
struct FrameOutput: ~Copyable {
    private let compression: Compression
    private let threads: Int
    private let pipeline: FramePipeline
    /// The caller's; `nil` as long as no frame went to the threads.
    private var own: FrameWorker?
    private var workers: [JoinedThread] = []
    private var checksum: UInt32 = 0
    private var size: Int64 = 0

    init(
        into file: consuming FileSink, _ compression: Compression, threads: Int, reusing earlier: PackedFrames? = nil
    ) throws(LayerError) {
        self.compression = compression
        self.threads = compression == .none ? 0 : threads
        pipeline = FramePipeline(into: file, compression, threads: max(threads, 0), reusing: earlier)
        if case .gzip = compression { try write(between: GzipCompressor.header) }
    }

    /// One that writes nothing.
    init() {
        compression = .none
        threads = 0
        pipeline = FramePipeline()
    }

    /// Without an end nobody wants the rest.
    deinit { pipeline.abandon() }

    /// Passes the next part of the blob that is to be named, and its hasher, to `body`: see ``BlobStream``.
    func ride(
        on count: Int, _ body: (BlobStream.Part, inout DigestHasher) -> Void
    ) throws(LayerError) -> Bool {
        try pipeline.blob.ride(on: count, body)
    }

    /// Takes a full frame and leaves an empty buffer in its place.
    mutating func write(_ frame: inout FrameBuffer) throws(LayerError) {
        try note(frame)
        guard threads > 0 else { return try pipeline.compressHere(&frame) }
        try pipeline.submit(&frame, by: try startThreads())
    }

    /// As for ``LayerWriter``.
    mutating func whileIdle(do work: @escaping @Sendable () -> Bool) throws(LayerError) -> IdleThreads? {
        guard threads > 0 else { return nil }
        pipeline.whileIdle(do: work)
        _ = try startThreads()
        return IdleThreads(pipeline)
    }

    /// One less than there are to be: the caller is the last, and gets what it works with.
    private mutating func startThreads() throws(LayerError) -> FrameWorker {
        if let own { return own }
        let own = try pipeline.worker()
        self.own = own
        while workers.count < threads - 1 {
            let pipeline = pipeline
            do throws(SyscallError) {
                workers.append(try JoinedThread { pipeline.work() })
            } catch {
                throw .system(error)
            }
        }
        return own
    }

    /// Ends the blob of a tar that has these names. `meanwhile` is called while the threads are at what is left.
    mutating func finish(
        last frame: inout FrameBuffer, of tar: DiffID, uncompressedSize: Int64, meanwhile: () -> Void = {}
    ) throws(LayerError) -> PackedTar {
        if own == nil {
            try note(frame)
            try pipeline.compressHere(&frame)
        } else {
            try write(&frame)
        }
        pipeline.close()
        meanwhile()
        if let own { try pipeline.work(by: own) }
        for worker in workers { worker.join() }
        if case .gzip = compression {
            try write(between: GzipCompressor.trailer(checksum: checksum, size: size))
        }
        let blob = try pipeline.finish()
        return PackedTar(
            diffID: tar, uncompressedSize: uncompressedSize, digest: blob?.digest ?? tar.digest,
            size: blob?.size ?? uncompressedSize)
    }

    private func write(between bytes: [UInt8]) throws(LayerError) {
        try bytes.withUnsafeBufferPointer { bytes throws(LayerError) in
            try pipeline.blob.write(UnsafeRawBufferPointer(bytes))
        }
    }

    private mutating func note(_ frame: borrowing FrameBuffer) throws(LayerError) {
        guard case .gzip = compression else { return }
        checksum = try GzipCompressor.checksum(checksum, frame.bytes)
        size += Int64(frame.count)
    }
}
