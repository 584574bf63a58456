import Linux
import OCI

/// Reads one file's contents into the tar, once, for everyone who wants them.
struct ContentsReader: ~Copyable {
    /// How much is read at once: what was read is still in the cache when it is hashed.
    private static let step = 1 << 18

    private let path: TreePath
    private var remaining: Int64
    private let known: Digest?
    private let copy: Int32?

    init(_ entry: TarEntry, digest known: Digest?, copyTo descriptor: Int32?) {
        path = entry.path
        remaining = entry.size
        self.known = known
        copy = descriptor
    }

    /// Reads all of `file` and names it.
    mutating func read(
        _ file: borrowing File, into tar: inout TarSink, hasher: inout DigestHasher
    ) throws(LayerError) -> Digest {
        guard let known else {
            try read(file, into: &tar) { tar, bytes throws(LayerError) in
                try tar.write(contents: bytes, naming: &hasher)
            }
            return hasher.next()
        }
        try read(file, into: &tar) { tar, bytes throws(LayerError) in try tar.write(contents: bytes) }
        return known
    }

    /// Reads a part of `file` that is as long as the entry says, and names it.
    mutating func read(
        _ file: borrowing File, from start: Int64, into tar: inout TarSink, hasher: inout DigestHasher
    ) throws(LayerError) -> Digest {
        var offset = start
        while remaining > 0 {
            let room = try tar.room()
            let part = UnsafeMutableRawBufferPointer(
                rebasing: room[..<Int(min(Int64(min(room.count, Self.step)), remaining))])
            let count = try LayerError.system { () throws(SyscallError) in try file.read(into: part, at: offset) }
            guard count > 0 else { throw .changedWhileReading(path) }
            remaining -= Int64(count)
            offset += Int64(count)
            let bytes = UnsafeRawBufferPointer(rebasing: part[..<count])
            try tar.write(contents: bytes, naming: &hasher)
        }
        return hasher.next()
    }

    private mutating func read(
        _ file: borrowing File, into tar: inout TarSink,
        _ write: (inout TarSink, UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) {
        var atEnd = false
        while !atEnd {
            let room = try tar.room()
            // One byte more than is left, so that a single call reads a small file and sees its end.
            let wanted = Int(min(Int64(min(room.count, Self.step)), remaining + 1))
            let count: Int
            do throws(SyscallError) {
                count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room[..<wanted]))
            } catch {
                throw .system(error)
            }
            guard Int64(count) <= remaining else { throw .changedWhileReading(path) }
            remaining -= Int64(count)
            let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
            try tee(bytes)
            if count > 0 { try write(&tar, bytes) }
            atEnd = count == 0 || remaining == 0 && count < wanted
        }
        guard remaining == 0 else { throw .changedWhileReading(path) }
    }

    private func tee(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        guard let copy, !bytes.isEmpty else { return }
        do { try File.write(bytes, to: copy) } catch { throw .system(error) }
    }
}
