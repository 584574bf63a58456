import Linux
import OCI
import Store
import Synchronization

/// The digests of the contents of one context's files: found by this build, remembered by the store, or else made by
/// reading.
final class ContentDigests: Sendable {
    private let cache: FileDigestCache
    private let found: Mutex<FoundDigests>

    /// `count`: all numbers of the context's nodes are lower.
    init(_ cache: FileDigestCache, count: Int) {
        self.cache = cache
        found = Mutex(FoundDigests(count: count))
    }

    /// What this build or the store knows of a file that is the same since.
    func known(_ entry: SourceEntry) throws(BuildError) -> Digest? {
        let (digest, record, recordCount) = found.withLock { found in
            guard let node = entry.node else { return (nil as Digest?, nil as Int?, found.recordCount) }
            return (found.digest(of: node), found.record(of: node), found.recordCount)
        }
        if let digest { return digest }
        return try fromStore { () throws(StoreError) in
            if let record, let digest = try cache.digest(of: entry.status, inRecord: record) { return digest }
            // This build's records are of other nodes, and so of other files but for those with several names.
            let isApart = record == nil && entry.status.linkCount == 1
            return try cache.digest(of: entry.status, besides: isApart ? recordCount : 0)
        }
    }

    /// The digest that is known, or that reading the file gives.
    func digest(of entry: SourceEntry, open: () throws(BuildError) -> File) throws(BuildError) -> Digest {
        if let known = try known(entry) { return known }
        let digest = try Self.hash(try open(), of: entry)
        try note(digest, of: entry)
        return digest
    }

    /// Takes the digest of contents that were just read. The entry's status was taken before.
    func note(_ digest: Digest, of entry: SourceEntry) throws(BuildError) {
        let record = try fromStore { () throws(StoreError) in try cache.remember(digest, for: entry.status) }
        guard let node = entry.node else { return }
        found.withLock { found in
            if let record { found.note(record: record, of: node) } else { found.note(digest, of: node) }
        }
    }

    /// Hashes exactly the bytes that the entry has; more or fewer say that somebody writes to the file.
    private static func hash(_ file: consuming File, of entry: SourceEntry) throws(BuildError) -> Digest {
        var hasher = DigestHasher()
        var left = entry.status.size
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(clamping: min(max(left, 1), 1 << 20)), alignment: 64)
        defer { buffer.deallocate() }
        do {
            while true {
                let count = try file.read(into: buffer)
                if count == 0 { break }
                left -= Int64(count)
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        } catch {
            throw .unreadable(entry.path, error)
        }
        guard left == 0 else { throw .changedWhileReading(entry.path) }
        return hasher.finish()
    }
}

/// Runs a call of the store; its errors become errors of the build.
func fromStore<Result: ~Copyable>(_ body: () throws(StoreError) -> Result) throws(BuildError) -> Result {
    do { return try body() } catch { throw BuildError(error) }
}
