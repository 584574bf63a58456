import CArchive

/// What xz or bzip2 compressed, through libarchive, which is told the one filter to use and guesses nothing.
final class ForeignSource: ByteSource {
    private let libarchive: ArchiveLibrary
    private let feed: ArchiveFeed
    private let archive: OpaquePointer
    /// Raw archives of no bytes have no entry. Set from the beginning: what throws behind it still frees the archive.
    private var isEmpty = false

    init(_ source: FileSource, _ format: ArchiveFormat) throws(LayerError) {
        libarchive = try ArchiveLibrary.load()
        guard let archive = libarchive.newReader() else { throw .compressor("libarchive has no memory") }
        self.archive = archive
        feed = ArchiveFeed(source, libarchive)
        _ = libarchive.acceptRaw(archive)
        _ = libarchive.appendFilter(archive, format == .xz ? ARCHIVE_FILTER_XZ : ARCHIVE_FILTER_BZIP2)
        try feed.open(archive)
        var entry: OpaquePointer?
        let result = libarchive.nextHeader(archive, &entry)
        isEmpty = result == ARCHIVE_EOF
        if !isEmpty { try feed.check(result, archive) }
    }

    deinit { _ = libarchive.freeReader(archive) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        guard !isEmpty else { return 0 }
        let count = libarchive.readData(archive, buffer.baseAddress, buffer.count)
        if count < 0 { try feed.check(Int32(clamping: count), archive) }
        return max(0, count)
    }
}
