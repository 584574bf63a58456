import Glibc
import Linux
import OCI

/// A file of an image source: a whole file on the disk, or a stretch of an archive.
struct SourceFile: ~Copyable, Sendable {
    let file: File
    let offset: Int64
    let size: Int64

    /// Copies everything and names it in one pass. A source that ends early gives fewer bytes than its size.
    func copy(to target: borrowing File) throws(SyscallError) -> (Digest, Int64) {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { chunk.deallocate() }
        var hasher = DigestHasher()
        var position: Int64 = 0
        while position < size {
            let room = UnsafeMutableRawBufferPointer(
                rebasing: chunk[..<Int(min(Int64(chunk.count), size - position))])
            let count = try file.read(into: room, at: offset + position)
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
            hasher.update(bytes)
            try target.write(bytes)
            position += Int64(count)
        }
        return (hasher.finish(), position)
    }

    /// The first bytes, as many as there are up to `count`.
    func prefix(_ count: Int) throws(SyscallError) -> [UInt8] {
        try file.bytes(at: offset, upTo: Int(min(size, Int64(count))))
    }
}
