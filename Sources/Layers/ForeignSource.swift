import CArchive

/// What xz or bzip2 compressed, through libarchive, which is told the one filter to use and guesses nothing.
final class ForeignSource: ByteSource {
    private let feed: ArchiveFeed
    private let archive: OpaquePointer
    private let isEmpty: Bool

    init(_ source: FileSource, _ format: ArchiveFormat) throws(LayerError) {
        guard let archive = archive_read_new() else { throw .compressor("libarchive has no memory") }
        self.archive = archive
        feed = ArchiveFeed(source)
        archive_read_support_format_raw(archive)
        archive_read_append_filter(archive, format == .xz ? ARCHIVE_FILTER_XZ : ARCHIVE_FILTER_BZIP2)
        try feed.open(archive)
        var entry: OpaquePointer?
        let result = archive_read_next_header(archive, &entry)
        // Raw archives of no bytes have no entry.
        isEmpty = result == ARCHIVE_EOF
        if !isEmpty { try feed.check(result, archive) }
    }

    deinit { archive_read_free(archive) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        guard !isEmpty else { return 0 }
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        if count < 0 { try feed.check(Int32(clamping: count), archive) }
        return max(0, count)
    }
}
