package import Linux

/// A second place for the bytes of a blob, behind what its file holds already.
///
/// They are written from the same memory while it is at hand, which costs less than to copy the blob afterwards. What
/// goes wrong here is no fault of the blob: the copy is not called whole. So it is with one that takes the room which
/// others may need.
package struct BlobCopy: ~Copyable, Sendable {
    /// What the file system has to have left: steps and the blob itself come first.
    package static let spare: Int64 = 1 << 30

    private var file: DirectFile
    private let start: Int64
    private let isWhole: SharedState<Bool>

    /// Writes from the file's position on, which is `start`. `isWhole` is told when all bytes are in the file.
    package init(
        into file: consuming File, at start: Int64, for persistence: Persistence, isWhole: SharedState<Bool>
    ) {
        self.file = DirectFile(file, at: start, for: persistence)
        self.start = start
        self.isWhole = isWhole
    }

    /// False if not all was written: then nothing more may be.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(SyscallError) {
            try file.write(bytes)
            return true
        } catch {
            return false
        }
    }

    /// Tells the disk to begin with bytes that were written. False, and they are gone, if there is no room for them.
    mutating func settle(_ count: Int64, at offset: Int64) -> Bool {
        do throws(SyscallError) {
            guard try file.room() >= Self.spare else {
                try file.cut(to: start)
                return false
            }
        } catch {
            return false
        }
        file.startWriteback(at: start + offset, count: count)
        return true
    }

    /// Waits until the last byte is in the file. If that fails, nobody is told that the copy is whole.
    consuming func finish() {
        guard (try? file.finish()) != nil else { return }
        isWhole.update { $0 = true }
    }
}
