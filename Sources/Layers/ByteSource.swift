import Linux
import OCI

/// A stream of bytes that is read once. Each is used by one thread.
protocol ByteSource: AnyObject {
    /// Fills as much of the buffer as it likes, at least one byte; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int
}

/// An open file as a stream, hashed and counted on the way.
final class FileSource: ByteSource {
    private let file: File
    private var hasher = DigestHasher()
    private(set) var count: Int64 = 0
    /// The bytes that were read to find out the format and are still to be delivered.
    private var pending: ArraySlice<UInt8> = []

    /// Reads from the file's position on.
    init(_ file: consuming File) { self.file = file }

    /// The first bytes; fewer if there are fewer. To be called before anything is read.
    func peek(_ length: Int) throws(LayerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let got = try bytes.withUnsafeMutableBufferPointer { buffer throws(LayerError) in
                try readFile(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
            }
            if got == 0 { break }
            filled += got
        }
        pending = bytes[..<filled]
        return Array(pending)
    }

    private func readFile(_ buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        try LayerError.system { () throws(SyscallError) in try file.read(into: buffer) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let got: Int
        if pending.isEmpty {
            got = try readFile(buffer)
        } else {
            got = min(pending.count, buffer.count)
            buffer.copyBytes(from: pending.prefix(got))
            pending = pending.dropFirst(got)
        }
        hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
        count += Int64(got)
        return got
    }

    /// The digest of everything that was read. To be called once, at the end.
    func digest() -> Digest {
        var hasher = DigestHasher()
        swap(&hasher, &self.hasher)
        return hasher.finish()
    }
}
