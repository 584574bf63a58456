import Glibc
import Linux
import OCI

/// A file of an image source: a whole file on the disk, or a stretch of an archive.
struct SourceFile: ~Copyable, Sendable {
    let file: File
    let offset: Int64
    let size: Int64

    /// Reads up to the buffer's size from `position` on; 0 at the end.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, at position: Int64
    ) throws(SyscallError) -> Int {
        let rest = min(size - position, Int64(buffer.count))
        guard rest > 0 else { return 0 }
        return try file.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(rest)]), at: offset + position)
    }

    /// The first bytes, as many as there are up to `count`.
    func prefix(_ count: Int) throws(SyscallError) -> [UInt8] {
        try file.bytes(at: offset, upTo: Int(min(size, Int64(count))))
    }
}
