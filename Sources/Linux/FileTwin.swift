import Synchronization

/// A second file for the bytes of a ``DirectFile``, behind what it holds already.
///
/// It is written from the same memory while that is at hand, which costs less than to copy the first one afterwards. What
/// goes wrong here is no fault of the first: the twin is not called whole. So it is with one that takes the room which
/// others may need.
package final class FileTwin: Sendable {
    /// What the file system has to have left: steps and the first file come first.
    package static let spare: Int64 = 1 << 30

    private struct Places: ~Copyable {
        /// `nil` once anything went wrong.
        var cached: File?
        /// Past the page cache.
        var direct: File?
        var isWhole = false

        mutating func close() {
            cached = nil
            direct = nil
        }
    }

    private let start: Int64
    private let persistence: Persistence
    private let places: Mutex<Places>

    /// Writes from `start` on. Nobody else may write to the file until it is whole or dropped.
    package init(_ file: consuming File, at start: Int64, for persistence: Persistence) {
        self.start = start
        self.persistence = persistence
        places = Mutex(Places(cached: file))
    }

    /// True once all bytes are in the file.
    package var isWhole: Bool { places.withLock { $0.isWhole } }

    /// Looks for a way past the page cache for blocks that lie at `offset` and behind it.
    func begin(at offset: Int64) {
        use { places throws(SyscallError) in
            places.direct = places.cached?.direct(at: start + offset)
            // After a power cut nobody should find a file that is long and begins with nothing.
            if places.direct != nil { places.cached?.startWriteback(at: 0, count: start + offset, for: .disk) }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        use { places throws(SyscallError) in try places.cached?.write(bytes, at: start + offset) }
    }

    /// Writes a whole block.
    func writeBlock(_ block: borrowing DirectBlock) {
        let (bytes, offset) = (block.bytes, start + block.offset)
        use { places throws(SyscallError) in
            guard try places.direct?.write(bytes, at: offset) == nil else { return }
            try places.cached?.write(bytes, at: offset)
        }
    }

    /// Tells the disk to begin with bytes that were written. They are gone if there is no room for them.
    func settle(_ count: Int64, at offset: Int64) {
        use { places throws(SyscallError) in
            guard let room = try places.cached?.room() else { return }
            if room < Self.spare {
                try places.cached?.truncate(to: start)
                places.close()
            }
            places.cached?.startWriteback(at: start + offset, count: count, for: persistence)
        }
    }

    /// All bytes were written.
    func finish() {
        places.withLock { places in
            places.isWhole = places.cached != nil
            places.close()
        }
    }

    private func use(_ body: (inout Places) throws(SyscallError) -> Void) {
        places.withLock { places in
            do throws(SyscallError) {
                try body(&places)
            } catch {
                places.close()
            }
        }
    }
}
