import Linux
import OCI
import Store
import Synchronization

/// The digests of the contents of one context's files: found by this build, remembered by the store, or else made by
/// reading.
final class ContentDigests: Sendable {
    private let cache: FileDigestCache
    /// Those that the store does not remember, as their files were changed a moment ago: by the numbers of the context's
    /// nodes, a page at a time, as most contexts have few of them.
    private let fresh: Mutex<[[Digest?]]>

    private static let page = 256

    init(_ cache: FileDigestCache, count: Int) {
        self.cache = cache
        fresh = Mutex(Array(repeating: [], count: count / Self.page + 1))
    }

    /// What this build or the store knows of a file that is the same since.
    func known(_ entry: SourceEntry) throws(BuildError) -> Digest? {
        if let digest = kept(entry) { return digest }
        return try fromStore { () throws(StoreError) in try cache.digest(of: entry.status) }
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
        if try fromStore({ () throws(StoreError) in try cache.remember(digest, for: entry.status) }) { return }
        keep(digest, entry)
    }

    private func keep(_ digest: Digest, _ entry: SourceEntry) {
        guard let node = entry.node else { return }
        fresh.withLock { pages in
            let page = node / Self.page
            if pages[page].isEmpty { pages[page] = Array(repeating: nil, count: Self.page) }
            pages[page][node % Self.page] = digest
        }
    }

    private func kept(_ entry: SourceEntry) -> Digest? {
        guard let node = entry.node else { return nil }
        return fresh.withLock { pages in
            let page = node / Self.page
            return pages[page].isEmpty ? nil : pages[page][node % Self.page]
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
