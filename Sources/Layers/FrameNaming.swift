import Linux
import OCI
import Synchronization

/// The digest of a blob, made while it is written.
///
///     frames, written in order → who reads, along with the tar's bytes (three chains cost little more than two)
///                              → or a compressing thread that would have to wait otherwise
///
/// SHA-256 is one chain over all bytes, so one thread at a time is at it, wherever in a frame that is.
final class FrameNaming: Sendable {
    private struct Chain: ~Copyable {
        var hasher = DigestHasher()
        var size: Int64 = 0
        /// The frame that the chain is at, and how much of it is hashed.
        var ordinal = 0
        var offset = 0
    }

    /// What is shorter is hashed before the blob's next bytes are found.
    private static let shortest = 4 << 10

    private let frames: FrameRing
    private let progress: SharedState<FrameProgress>
    private let chain = Mutex(Chain())

    /// For what stands in `frames` as soon as `progress` says that it is written.
    init(of frames: FrameRing, _ progress: SharedState<FrameProgress>) {
        self.frames = frames
        self.progress = progress
    }

    /// Passes a part of the blob, no longer than `count`, and its hasher to `body`, which hashes it beside as many other
    /// bytes. False, and nothing is done, if there is none, if another thread is at the chain, or if it saves no time.
    func ride(on count: Int, _ body: (UnsafeRawBufferPointer, inout DigestHasher) -> Void) -> Bool {
        guard count >= Self.shortest, DigestHasher.takeTurns else { return false }
        return chain.withLockIfAvailable { chain in next(&chain, atMost: count, body) } ?? false
    }

    /// Hashes the rest of the frame that the chain is at.
    func nameFrame() {
        chain.withLock { chain in
            _ = next(&chain, atMost: .max) { part, hasher in hasher.update(part) }
        }
    }

    /// Hashes what lies between the frames: only while no thread works.
    func name(_ bytes: UnsafeRawBufferPointer) {
        chain.withLock { chain in
            chain.hasher.update(bytes)
            chain.size += Int64(bytes.count)
        }
    }

    /// The name and the size of all that was written.
    func finish() -> (digest: Digest, size: Int64) {
        chain.withLock { chain in (chain.hasher.next(), chain.size) }
    }

    private func next(
        _ chain: inout Chain, atMost count: Int, _ body: (UnsafeRawBufferPointer, inout DigestHasher) -> Void
    ) -> Bool {
        guard progress.wait(for: { .some($0.written) }) > chain.ordinal else { return false }
        var isWhole = false
        frames.withBuffer(of: chain.ordinal) { frame in
            let rest = frame.bytes[chain.offset...]
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
            body(part, &chain.hasher)
            chain.size += Int64(part.count)
            chain.offset += part.count
            isWhole = chain.offset == frame.count
        }
        guard isWhole else { return true }
        chain.ordinal += 1
        chain.offset = 0
        progress.update { $0.countNamed() }
        return true
    }
}
