import CZstd
package import Linux
import Synchronization

/// The frames of a zstd blob that was packed before, for a layer that is mostly the same.
///
/// Borders of frames follow from the entries alone (``FrameCutter``), so what lies between two changes comes in the same
/// frames again. Their compressed bytes need not be made a second time: see ``FrameMatcher``.
package final class PackedFrames: Sendable {
    /// Where a frame stands in the blob, and how much it holds.
    struct Frame: Hashable, Sendable {
        let start: Int64
        let size: Int
        let contentSize: Int
    }

    /// What was found on the way through the blob, which is gone through as far as somebody asks.
    private struct Index: ~Copyable, Sendable {
        var frames: [Frame] = []
        var end: Int64 = 0
        var isComplete = false
        var buffer = FrameBuffer(capacity: PackedFrames.largest)
    }

    /// As much as a frame can take in a blob.
    static let largest = ZSTD_compressBound(FrameCutter.largest)
    /// How many frames a new one is compared with. Lengths are rarely the same by chance.
    private static let tries = 3
    /// How far a frame is looked for from the place that it would have if nothing had been added or removed.
    private static let distance = 64

    private let blob: File
    private let index = Mutex(Index())

    /// Takes a blob of ours: of others, and of what is no zstd, nothing is found.
    package init(of blob: consuming File) { self.blob = blob }

    /// The frames that hold so many bytes, those that stand nearest to where the new one will stand first.
    func candidates(holding count: Int, near ordinal: Int) -> [Frame] {
        index.withLock { index in
            while !index.isComplete, index.frames.count <= ordinal + Self.distance { advance(&index) }
            let nearby = max(0, ordinal - Self.distance)..<max(0, min(ordinal + Self.distance, index.frames.count))
            guard !nearby.isEmpty else { return [] }
            let same = nearby.filter { index.frames[$0].contentSize == count }
            return same.sorted { abs($0 - ordinal) < abs($1 - ordinal) }.prefix(Self.tries).map { index.frames[$0] }
        }
    }

    /// Reads a frame as it stands in the blob; false if it cannot be read.
    func read(_ frame: Frame, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<frame.size]), at: frame.start) == frame.size
    }

    private func advance(_ index: inout Index) {
        index.buffer.removeAll()
        let room = UnsafeMutableRawBufferPointer(rebasing: index.buffer.room[..<Self.largest])
        let count = fill(room, at: index.end)
        let size = ZSTD_findFrameCompressedSize(room.baseAddress, count)
        let content = ZSTD_getFrameContentSize(room.baseAddress, count)
        guard count > 0, ZSTD_isError(size) == 0, size > 0, let content = Int(exactly: content) else {
            // The end, or something that no blob of ours has.
            index.isComplete = true
            return
        }
        index.frames.append(Frame(start: index.end, size: size, contentSize: content))
        index.end += Int64(size)
    }

    /// How many bytes there were. A blob that cannot be read has no frames for anyone: nothing depends on it.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer, at start: Int64) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            guard let count = try? blob.read(into: rest, at: start + Int64(filled)), count > 0 else { break }
            filled += count
        }
        return filled
    }
}
