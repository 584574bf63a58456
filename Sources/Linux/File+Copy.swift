import CLinux
import SystemPackage

extension File {
    /// Appends a stretch of another file at this file's position, within the kernel where that is possible.
    ///
    /// - Returns: how many bytes there were, which are fewer than `count` only at the end of `source`.
    @discardableResult
    package func append(
        from source: borrowing File, at offset: Int64, count: Int64
    ) throws(SyscallError) -> Int64 {
        var position = offset
        let end = offset + count
        var calls = [clinux_copy_file_range, clinux_sendfile][...]
        while position < end, let call = calls.first {
            let piece = UInt(min(end - position, 1 << 30))
            do throws(SyscallError) {
                let copied = try checkShim("copy_file_range") { call(source.number, &position, number, piece) }
                if copied == 0 { break }
            } catch  where Self.isRefusal(error.errno) {
                calls = calls.dropFirst()
            }
        }
        if calls.isEmpty { position = try appendThroughMemory(from: source, at: position, end: end) }
        return position - offset
    }

    /// Starts writing what is in memory to the disk, so that a later `sync()` finds little to wait for.
    ///
    /// A hint: file systems that cannot do it do nothing.
    package func startWriteback(at offset: Int64, count: Int64) {
        _ = clinux_start_writeback(number, offset, count)
    }

    /// True if a kernel or a file system says that it cannot copy this way between these two files.
    private static func isRefusal(_ errno: Errno) -> Bool {
        [.invalidArgument, .improperLink, .notSupported, .noFunction, .badFileDescriptor, .notPermitted].contains(errno)
    }

    private func appendThroughMemory(
        from source: borrowing File, at offset: Int64, end: Int64
    ) throws(SyscallError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        var position = offset
        while position < end {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(Int64(buffer.count), end - position))])
            let count = try source.read(into: piece, at: position)
            if count == 0 { break }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += Int64(count)
        }
        return position
    }
}
