import CLinux
import Glibc
import SystemPackage

extension File {
    /// Appends the next `count` bytes of another file at this file's position, within the kernel where it can.
    ///
    /// - Returns: how many bytes there were, which are fewer than `count` only at the end of `source`.
    @discardableResult
    package func append(from source: borrowing File, count: Int64) throws(SyscallError) -> Int64 {
        var rest = count
        var way = CopyWay.range
        while rest > 0 {
            do throws(SyscallError) {
                let copied = try way.copy(from: source.number, to: number, count: Int(min(rest, 1 << 30)))
                if copied == 0 { break }
                rest -= Int64(copied)
            } catch {
                guard let next = way.next(after: error.errno) else { throw error }
                way = next
            }
        }
        return count - rest
    }

    /// Starts writing what is in memory to the disk, so that a later `sync()` finds little to wait for.
    ///
    /// A hint: file systems that cannot do it do nothing. Where nobody will wait for the disk, it would only be in the
    /// way of others.
    package func startWriteback(at offset: Int64, count: Int64, for persistence: Persistence) {
        guard persistence == .disk else { return }
        _ = clinux_start_writeback(number, Int(offset), Int(count))
    }
}

/// The ways to get bytes from one file into another, the best first.
private enum CopyWay {
    /// `copy_file_range(2)`: within a file system, which may share blocks instead of copying them.
    case range
    /// `sendfile(2)`: into pipes and across file systems.
    case send
    /// By hand.
    case memory

    func copy(from source: Int32, to target: Int32, count: Int) throws(SyscallError) -> Int {
        switch self {
        case .range: try checkShim("copy_file_range") { clinux_copy_file_range(source, target, UInt(count)) }
        case .send: try check("sendfile") { sendfile(target, source, nil, count) }
        case .memory: try copyThroughMemory(from: source, to: target, count: min(count, 1 << 18))
        }
    }

    /// The way to try when this one is refused; `nil` if the error is about something else.
    func next(after errno: Errno) -> CopyWay? {
        let refusals: [Errno] = [
            .invalidArgument, .improperLink, .notSupported, .noFunction, .badFileDescriptor, .notPermitted,
        ]
        guard refusals.contains(errno) else { return nil }
        return switch self {
        case .range: .send
        case .send: .memory
        case .memory: nil
        }
    }

    private func copyThroughMemory(from source: Int32, to target: Int32, count: Int) throws(SyscallError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        defer { buffer.deallocate() }
        let filled = try check("read") { read(source, buffer.baseAddress, count) }
        var written = 0
        while written < filled {
            written += try check("write") { write(target, buffer.baseAddress.map { $0 + written }, filled - written) }
        }
        return filled
    }
}
