package import Linux

extension TarReader {
    /// Passes on the bytes of the tar itself, decompressed, without looking into it.
    ///
    /// Reads from the file's position on, and checks the checksums of its compression.
    package static func forEachPart(
        of file: consuming File, limits: ArchiveLimits = ArchiveLimits(),
        _ body: (UnsafeRawBufferPointer) throws(LayerError) -> Void
    ) throws(LayerError) -> ArchiveSummary {
        var bytes = try Decompressor(file, limits: limits)
        while try bytes.read(body) > 0 {}
        return try bytes.finish()
    }
}
