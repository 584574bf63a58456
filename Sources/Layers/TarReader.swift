import CArchive
import Glibc
package import Linux
import OCI

/// Reads a tar, compressed or not, entry by entry; what no well-meant archive has is refused by name.
///
///     file → SHA-256 (digest) → gzip, zstd, xz, bzip2 → SHA-256 (DiffID) → libarchive's tar parser → entries
///
/// libarchive only parses. It opens no file, picks no decompressor and no format by itself.
package final class TarReader {
    private let file: FileSource
    private let tar: TarSource
    private let feed: ArchiveFeed
    private let archive: OpaquePointer
    private let limits: ArchiveLimits
    private var entryCount: Int64 = 0

    /// Reads from the file's position on. - Throws: `notAnArchive` if the first bytes begin none.
    package init(_ file: consuming File, limits: ArchiveLimits = ArchiveLimits()) throws(LayerError) {
        let source = FileSource(file)
        guard let format = ArchiveFormat(sniffing: try source.peek(ArchiveFormat.sniffLength)) else {
            throw .notAnArchive
        }
        guard let archive = archive_read_new() else { throw .compressor("libarchive has no memory") }
        self.file = source
        self.limits = limits
        self.archive = archive
        tar = TarSource(try TarSource.decompressing(source, format), limit: limits.size)
        feed = ArchiveFeed(tar)
        Self.useUnicode
        archive_read_support_format_tar(archive)
        archive_read_support_format_empty(archive)
        try feed.open(archive)
    }

    deinit { archive_read_free(archive) }

    /// libarchive converts names through the locale: in "C" every name beyond ASCII would be damaged.
    private static let useUnicode: Void = { _ = setlocale(LC_CTYPE, "C.UTF-8") }()

    /// The next entry; `nil` at the end.
    package func next() throws(LayerError) -> TarEntry? {
        var header: OpaquePointer?
        let result = archive_read_next_header(archive, &header)
        if result == ARCHIVE_EOF { return nil }
        if result != ARCHIVE_WARN { try feed.check(result, archive) }
        guard let header else { throw .corrupt("an entry without a header") }
        entryCount += 1
        guard entryCount <= limits.entries else { throw .tooLarge("the number of entries", limit: limits.entries) }
        return try TarEntry(header, limits)
    }

    /// Reads on in the contents of the entry that came last; 0 at their end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        if count < 0 { try feed.check(Int32(clamping: count), archive) }
        return max(0, count)
    }

    /// Reads what is left of the file and says what all of it was. To be called once, after the last entry.
    package func finish() throws(LayerError) -> ArchiveSummary {
        try feed.drain()
        return ArchiveSummary(
            digest: file.digest(), size: file.count, diffID: DiffID(tar.digest()), uncompressedSize: tar.count,
            entryCount: entryCount)
    }

    /// Reads a compressed file only to find out what it holds, checking its checksums but not the tar in it.
    package static func summary(
        of file: consuming File, limits: ArchiveLimits = ArchiveLimits()
    ) throws(LayerError) -> ArchiveSummary {
        let source = FileSource(file)
        guard let format = ArchiveFormat(sniffing: try source.peek(ArchiveFormat.sniffLength)) else {
            throw .notAnArchive
        }
        let tar = TarSource(try TarSource.decompressing(source, format), limit: limits.size)
        try ArchiveFeed(tar).drain()
        return ArchiveSummary(
            digest: source.digest(), size: source.count, diffID: DiffID(tar.digest()), uncompressedSize: tar.count,
            entryCount: 0)
    }

    /// True if the file begins an archive that holds at least one entry. The file's position is lost.
    package static func isArchive(_ file: consuming File) -> Bool {
        guard let reader = try? TarReader(file) else { return false }
        return (try? reader.next()) != TarEntry?.none
    }
}
