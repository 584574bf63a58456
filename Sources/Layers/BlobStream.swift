import Linux
import OCI
import Synchronization

/// The blob: frames in their order, named and written.
///
///     frames, compressed → who reads, along with the tar's bytes (three chains cost little more than two)
///                        → or a compressing thread that would have to wait otherwise
///                          → the digest, and the file
///
/// SHA-256 is one chain over all bytes, so one thread at a time is at it, wherever in a frame that is. What it looks at
/// is copied to where the file wants it in the same breath.
final class BlobStream: Sendable {
    /// Part of a frame, and where it has to be copied to besides.
    typealias Part = (bytes: UnsafeRawBufferPointer, copy: UnsafeMutableRawPointer?)

    private struct State: ~Copyable {
        /// `nil` once it is finished, and where nothing is to be written.
        var file: FileSink?
        var hasher = DigestHasher()
        var size: Int64 = 0
        /// The frame that is next, how much of it is hashed, and how much of that is written.
        var ordinal = 0
        var offset = 0
        var written = 0

        /// True if that many bytes of a frame can be taken without waiting for the disk, or for the page cache.
        mutating func takesAtOnce(_ count: Int, of frame: borrowing FrameBuffer) -> Bool {
            let count = min(count, frame.count - offset)
            guard offset == written, let room = file?.room else { return offset + count < frame.count }
            return file?.takesAtOnce(min(count, room.count)) ?? false
        }

        /// Takes the next bytes of a frame, no more than `count`. True if they are its last ones.
        ///
        /// Where the file has memory for them that is where they go. Elsewhere the frame is written once it is hashed:
        /// a call of the kernel costs more than a few bytes.
        mutating func take(
            from frame: UnsafeRawBufferPointer, atMost count: Int, _ body: (Part, inout DigestHasher) -> Void
        ) throws(LayerError) -> Bool {
            let room = offset == written ? file?.room : nil
            let limit = min(count, room?.count ?? .max)
            let part = UnsafeRawBufferPointer(rebasing: frame[offset...].prefix(limit))
            body((part, room?.baseAddress), &hasher)
            offset += part.count
            let isWhole = offset == frame.count
            if room != nil {
                try file?.advance(by: part.count)
                written = offset
            } else if isWhole {
                try file?.write(UnsafeRawBufferPointer(rebasing: frame[written...]))
            }
            guard isWhole else { return false }
            size += Int64(frame.count)
            ordinal += 1
            (offset, written) = (0, 0)
            return true
        }
    }

    /// What is shorter is hashed before the blob's next bytes are found.
    private static let shortest = 4 << 10

    /// False where the blob is the tar, which has a name.
    private let isNamed: Bool
    private let frames: FrameRing
    private let progress: SharedState<FrameProgress>
    private let state: Mutex<State>

    /// For what stands in `frames` as soon as `progress` says that it is compressed.
    init(into file: consuming FileSink?, isNamed: Bool, of frames: FrameRing, _ progress: SharedState<FrameProgress>) {
        self.isNamed = isNamed
        self.frames = frames
        self.progress = progress
        state = Mutex(State(file: file))
    }

    /// Passes a part of the blob, no longer than `count`, and its hasher to `body`, which hashes it beside as many other
    /// bytes, and copies it. False, and nothing is done, if there is none, if another thread is at the chain, or if it
    /// saves no time: who reads keeps everybody waiting, and so does not wait for the file.
    func ride(
        on count: Int, _ body: (Part, inout DigestHasher) -> Void
    ) throws(LayerError) -> Bool {
        guard isNamed, count >= Self.shortest, DigestHasher.takeTurns else { return false }
        return try state.withLockIfAvailable { state throws(LayerError) in
            let (isReady, isLeft) = progress.wait { .some(($0.ready > state.ordinal, $0.isLeftToThreads)) }
            guard isReady, !isLeft else { return false }
            guard frames.withBuffer(of: state.ordinal, { state.takesAtOnce(count, of: $0) }) else {
                progress.update { $0.leaveToThreads() }
                return false
            }
            try take(from: &state, atMost: count, body)
            return true
        } ?? false
    }

    /// Names and writes the rest of the frame that is next.
    func writeFrame() throws(LayerError) {
        try state.withLock { state throws(LayerError) in
            let ordinal = state.ordinal
            while state.ordinal == ordinal, isReady(ordinal) {
                try take(from: &state, atMost: .max) { part, hasher in
                    hasher.update(part.bytes, copyingTo: part.copy)
                }
            }
        }
    }

    /// Names and writes what lies between the frames: only while no thread works.
    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        try state.withLock { state throws(LayerError) in
            if isNamed { state.hasher.update(bytes) }
            state.size += Int64(bytes.count)
            try state.file?.write(bytes)
        }
    }

    /// The name and the size of all that was written; `nil` if that is the tar.
    func finish() throws(LayerError) -> (digest: Digest, size: Int64)? {
        try state.withLock { state throws(LayerError) in
            try state.file.take()?.finish()
            return isNamed ? (state.hasher.next(), state.size) : nil
        }
    }

    private func isReady(_ ordinal: Int) -> Bool { progress.wait(for: { .some($0.ready) }) > ordinal }

    private func take(
        from state: inout State, atMost count: Int, _ body: (Part, inout DigestHasher) -> Void
    ) throws(LayerError) {
        let ordinal = state.ordinal
        let isWhole = try frames.withBuffer(of: ordinal) { frame throws(LayerError) in
            let isWhole = try state.take(from: frame.bytes, atMost: count, body)
            if isWhole, progress.wait(for: { .some(!$0.needsOutput(after: ordinal)) }) {
                frame = FrameBuffer(capacity: 0)
            }
            return isWhole
        }
        if isWhole { progress.update { $0.countWritten() } }
    }
}
