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

    /// Passes all bytes on, in order, in chunks; an end before `size` bytes is the caller's to see from the count.
    func forEachChunk(
        _ body: (UnsafeRawBufferPointer) throws(SyscallError) -> Void
    ) throws(SyscallError) -> Int64 {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { chunk.deallocate() }
        var position: Int64 = 0
        while true {
            let count = try read(into: chunk, at: position)
            if count == 0 { return position }
            try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            position += Int64(count)
        }
    }

    /// The first bytes, as many as there are up to `count`.
    func prefix(_ count: Int) throws(SyscallError) -> [UInt8] {
        try file.bytes(at: offset, upTo: Int(min(size, Int64(count))))
    }
}
