package import Linux
import OCI

extension TarReader {
    /// Passes on the bytes of the tar itself, decompressed, without looking into it.
    ///
    /// Reads from the file's position on, and checks the checksums of its compression.
    package static func forEachPart(
        of file: consuming File, limits: ArchiveLimits = ArchiveLimits(),
        _ body: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) -> ArchiveSummary {
        let source = FileSource(file)
        guard let format = ArchiveFormat(sniffing: try source.peek(ArchiveFormat.sniffLength)) else {
            throw .notAnArchive
        }
        let tar = TarSource(try TarSource.decompressing(source, format), limit: limits.size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try tar.read(into: buffer)
            if count == 0 { break }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return ArchiveSummary(
            digest: source.digest(), size: source.count, diffID: DiffID(tar.digest()), uncompressedSize: tar.count,
            entryCount: 0)
    }
}
