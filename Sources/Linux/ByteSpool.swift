package import SystemPackage

/// Bytes that this process keeps for itself: the first of them in memory, and as soon as they are many the rest in a
/// file without a name.
///
/// Where no such file can be written all stay in memory: only what they take depends on it.
package struct ByteSpool: ~Copyable, Sendable {
    /// Of bytes that are kept in memory.
    static let portion = 1 << 19

    private let folder: FilePath?
    private var file: File?
    /// How many bytes are in the file.
    private var filed = 0
    private var recent: [UInt8] = []
    private var isStuck = false

    /// `folder`: where the file would lie; `nil` keeps all in memory.
    package init(in folder: FilePath?) { self.folder = folder }

    /// What a file has that nobody changes.
    init(_ file: consuming File) throws(SyscallError) {
        folder = nil
        filed = try Int(clamping: file.status().size)
        self.file = consume file
    }

    package var count: Int { filed + recent.count }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        recent.append(contentsOf: bytes)
        guard recent.count >= Self.portion, !isStuck, let folder else { return }
        do throws(SyscallError) {
            if file == nil { file = try File.scratch(in: folder) }
            try file?.write(recent)
        } catch {
            isStuck = true
            return
        }
        filed += recent.count
        recent.removeAll(keepingCapacity: true)
    }

    package func bytes(in range: Range<Int>) throws(SyscallError) -> [UInt8] {
        guard range.lowerBound < filed else {
            return Array(recent[range.lowerBound - filed..<range.upperBound - filed])
        }
        let end = min(range.upperBound, filed)
        var bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count throws(SyscallError) in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            while count < end - range.lowerBound {
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[count..<end - range.lowerBound])
                guard let got = try file?.read(into: part, at: Int64(range.lowerBound + count)), got > 0 else {
                    throw SyscallError("read", "a file without a name", .ioError)
                }
                count += got
            }
        }
        if range.upperBound > end { bytes += recent[..<(range.upperBound - filed)] }
        return bytes
    }

    /// The same, complete, for everybody who reads it.
    package consuming func finish() -> SpooledBytes { SpooledBytes(self) }
}

/// Bytes that are all there.
package final class SpooledBytes: Sendable {
    private let spool: ByteSpool

    init(_ spool: consuming ByteSpool) { self.spool = spool }

    /// What a file has that nobody changes.
    package init(_ file: consuming File) throws(SyscallError) { spool = try ByteSpool(file) }

    package var count: Int { spool.count }

    package func bytes(in range: Range<Int>) throws(SyscallError) -> [UInt8] { try spool.bytes(in: range) }

    /// Calls `body` with all of them, some at a time.
    package func forEachPortion(_ body: ([UInt8]) throws(SyscallError) -> Void) throws(SyscallError) {
        for start in stride(from: 0, to: count, by: ByteSpool.portion) {
            try body(try bytes(in: start..<min(start + ByteSpool.portion, count)))
        }
    }
}
