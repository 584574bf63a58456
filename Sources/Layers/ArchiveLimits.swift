/// How much of an archive is taken before it is refused, so that a small one cannot fill a disk or never end.
package struct ArchiveLimits: Hashable, Sendable {
    /// Bytes of the uncompressed tar, and of all files in it with their holes.
    package var size: Int64
    package var entries: Int64
    /// Bytes of one path, and of one link's target.
    package var path: Int
    /// Bytes of the records before one member.
    package var records: Int64 = 1 << 20
    /// Extended attributes of one member.
    package var attributes = 1000
    /// Extents of one sparse file.
    package var extents = 1 << 20

    package init(size: Int64 = 1 << 40, entries: Int64 = 10_000_000, path: Int = 4095) {
        self.size = size
        self.entries = entries
        self.path = path
    }
}
