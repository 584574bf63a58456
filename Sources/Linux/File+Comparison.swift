import Glibc

extension File {
    /// True if this file and `other`, each from its position on, hold the same bytes. Both are read.
    package func holdsSame(as other: borrowing File) throws(SyscallError) -> Bool {
        let size = 1 << 16
        let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 64)
        defer { buffers.deallocate() }
        let left = UnsafeMutableRawBufferPointer(rebasing: buffers[..<size])
        let right = UnsafeMutableRawBufferPointer(rebasing: buffers[size...])
        while true {
            let count = try fill(left)
            guard try other.fill(right) == count, let first = left.baseAddress, let second = right.baseAddress,
                memcmp(first, second, count) == 0
            else { return false }
            if count < size { return true }
        }
    }

    /// Reads until the buffer is full or the file ends; returns how much that is.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
