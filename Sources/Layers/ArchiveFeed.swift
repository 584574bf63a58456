import CArchive

/// Feeds libarchive from a stream, and carries the stream's errors past it.
final class ArchiveFeed {
    private let libarchive: ArchiveLibrary
    private let source: any ByteSource
    private let buffer: UnsafeMutableRawBufferPointer
    private var failure: LayerError?

    init(_ source: any ByteSource, _ libarchive: ArchiveLibrary) {
        self.libarchive = libarchive
        self.source = source
        buffer = .allocate(byteCount: 1 << 18, alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// Opens the archive on this feed, which has to live as long.
    func open(_ archive: OpaquePointer) throws(LayerError) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        let result = libarchive.openReader(
            archive, this, nil,
            { _, this, piece in
                guard let this, let piece else { return -1 }
                return Unmanaged<ArchiveFeed>.fromOpaque(this).takeUnretainedValue().next(piece)
            }, nil)
        try check(result, archive)
    }

    private func next(_ piece: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(LayerError) {
            let count = try source.read(into: buffer)
            piece.pointee = UnsafeRawPointer(buffer.baseAddress)
            return count
        } catch {
            failure = error
            return -1
        }
    }

    /// Reads what libarchive left after the end of the archive, which belongs to the stream all the same.
    func drain() throws(LayerError) {
        while try source.read(into: buffer) > 0 {}
    }

    /// Everything but success is an error: a reader that goes on after a damaged header would lose files silently.
    func check(_ result: Int32, _ archive: OpaquePointer) throws(LayerError) {
        if let failure { throw failure }
        guard result != ARCHIVE_OK else { return }
        guard let text = libarchive.reason(archive) else { throw .corrupt("libarchive error \(result)") }
        throw .corrupt(text)
    }
}
