import Linux
import OCI
import Store
import Synchronization

/// The digests of files' contents: remembered by the store, or else made by reading.
final class ContentDigests: Sendable {
    private let cache: FileDigestCache
    /// What this build has read. The store does not remember files that were changed a moment ago.
    private let read: Mutex<[FileIdentity: Digest]> = Mutex([:])

    /// One state of one file.
    private struct FileIdentity: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let modified: FileStatus.Time
        let changed: FileStatus.Time

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
            size = status.size
            modified = status.modified
            changed = status.changed
        }
    }

    init(_ cache: FileDigestCache) { self.cache = cache }

    /// What the store remembers of a file that is the same since.
    func known(_ status: FileStatus) throws(BuildError) -> Digest? {
        try fromStore { () throws(StoreError) in try cache.digest(of: status) }
    }

    /// The digest that is known, or that reading the file gives.
    func digest(
        of status: FileStatus, open: () throws(BuildError) -> File
    ) throws(BuildError) -> Digest {
        if let known = try known(status) { return known }
        if let digest = read.withLock({ $0[FileIdentity(status)] }) { return digest }
        let digest = try Self.hash(try open(), size: status.size)
        try note(digest, of: status)
        return digest
    }

    /// Takes the digest of contents that were just read. `status` was taken before.
    func note(_ digest: Digest, of status: FileStatus) throws(BuildError) {
        read.withLock { $0[FileIdentity(status)] = digest }
        try fromStore { () throws(StoreError) in try cache.remember(digest, for: status) }
    }

    /// Hashes exactly `size` bytes; more or fewer say that somebody writes to the file.
    private static func hash(_ file: consuming File, size: Int64) throws(BuildError) -> Digest {
        var hasher = DigestHasher()
        var left = size
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(clamping: min(max(size, 1), 1 << 20)), alignment: 64)
        defer { buffer.deallocate() }
        do {
            while true {
                let count = try file.read(into: buffer)
                if count == 0 { break }
                left -= Int64(count)
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        } catch {
            throw BuildError(error, doing: "reading a file", kind: .input)
        }
        guard left == 0 else {
            throw BuildError(.input, "changed-while-reading", "a file changed while it was read")
        }
        return hasher.finish()
    }
}

/// Runs a call of the store; its errors become errors of the build.
func fromStore<Result: ~Copyable>(_ body: () throws(StoreError) -> Result) throws(BuildError) -> Result {
    do { return try body() } catch { throw BuildError(error) }
}
