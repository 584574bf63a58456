import CArchive

/// What xz or bzip2 compressed, through libarchive, which is told the one filter to use and guesses nothing.
final class ForeignSource: ByteSource {
    private let feed: ArchiveFeed
    private let archive: OpaquePointer

    init(_ source: FileSource, _ format: ArchiveFormat) throws(LayerError) {
        guard let archive = archive_read_new() else { throw .compressor("libarchive has no memory") }
        self.archive = archive
        feed = ArchiveFeed(source)
        archive_read_support_format_raw(archive)
        if format == .xz { archive_read_support_filter_xz(archive) } else { archive_read_support_filter_bzip2(archive) }
        try feed.open(archive)
        var entry: OpaquePointer?
        try feed.check(archive_read_next_header(archive, &entry), archive)
    }

    deinit { archive_read_free(archive) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        if count < 0 { try feed.check(Int32(clamping: count), archive) }
        return max(0, count)
    }
}
