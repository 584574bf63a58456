import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage

/// An archive's decompressed bytes, made and named on a thread of their own, a few chunks ahead of who reads them.
///
///     file → SHA-256 (digest) → decompressed → SHA-256 (DiffID) → [ chunk | chunk | … ] → reader
///                                   ↑                                   emptied chunks │
///                                   └──────────────────────────────────────────────────┘
final class InflatedStream: Sendable {
    private static let chunkSize = 1 << 18
    private static let chunkCount = 6

    /// What only the thread touches, once it has begun.
    private struct Sources {
        let file: FileSource
        let tar: TarSource
    }

    let format: ArchiveFormat
    private let interruption: Interruption?
    private let full = BoundedQueue<FrameBuffer>(capacity: chunkCount)
    private let empty = BoundedQueue<FrameBuffer>(capacity: chunkCount)
    private let sources: Mutex<Sources?>
    private let outcome = Mutex<Result<ArchiveSummary, LayerError>?>(nil)

    /// Reads from the file's position on.
    init(_ file: consuming File, limits: ArchiveLimits, interruption: Interruption?) throws(LayerError) {
        let file = FileSource(file)
        guard let format = ArchiveFormat(sniffing: try file.peek(ArchiveFormat.sniffLength)) else {
            throw .notAnArchive
        }
        let tar = TarSource(try TarSource.decompressing(file, format), limit: limits.size)
        self.format = format
        self.interruption = interruption
        sources = Mutex(Sources(file: file, tar: tar))
        for _ in 0..<Self.chunkCount { empty.put(FrameBuffer(capacity: Self.chunkSize)) }
    }

    /// What the thread does, until the archive ends or nobody wants the rest.
    func work() {
        sources.withLock { sources in
            guard let taken = sources.take() else { return }
            do throws(LayerError) {
                let summary = try inflate(taken)
                outcome.withLock { $0 = .success(summary) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        full.close()
    }

    /// The next bytes in exchange for the buffer of the last ones; `nil` at the end.
    func next(recycling used: consuming FrameBuffer?) throws(LayerError) -> FrameBuffer? {
        if let used { empty.put(used) }
        if let buffer = full.take() { return buffer }
        _ = try summary()
        return nil
    }

    /// What the archive was, once it has ended; how many entries it has is not known here.
    func summary() throws(LayerError) -> ArchiveSummary {
        guard let result = outcome.withLock({ $0 }) else { throw Self.canceled }
        return try result.get()
    }

    /// Nobody wants the rest.
    func abandon() {
        empty.close()
        full.close()
    }

    private static let canceled = LayerError.system(SyscallError("read", "the archive", .canceled))

    private func inflate(_ sources: Sources) throws(LayerError) -> ArchiveSummary {
        while var buffer = empty.take() {
            if let interruption, interruption.isRequested { throw Self.canceled }
            buffer.removeAll()
            var isAtEnd = false
            while !isAtEnd, buffer.count < Self.chunkSize {
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer.room[..<(Self.chunkSize - buffer.count)])
                let count = try sources.tar.read(into: room)
                buffer.advance(by: count)
                isAtEnd = count == 0
            }
            if buffer.count > 0, !full.put(buffer) { break }
            guard isAtEnd else { continue }
            return ArchiveSummary(
                digest: sources.file.digest(), size: sources.file.count, diffID: DiffID(sources.tar.digest()),
                uncompressedSize: sources.tar.count, entryCount: 0)
        }
        throw Self.canceled
    }
}
