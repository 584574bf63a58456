/// How much of an archive is taken before it is refused.
package struct ArchiveLimits: Hashable, Sendable {
    /// Bytes of the uncompressed tar.
    package var size: Int64
    package var entries: Int64
    /// Bytes of one path.
    package var path: Int

    package init(size: Int64 = 1 << 40, entries: Int64 = 10_000_000, path: Int = 4095) {
        self.size = size
        self.entries = entries
        self.path = path
    }
}
