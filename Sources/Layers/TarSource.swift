import OCI

/// The uncompressed bytes of an archive, hashed and counted, up to a bound.
final class TarSource: ByteSource {
    private let source: any ByteSource
    private let limit: Int64
    private var hasher = DigestHasher()
    private(set) var count: Int64 = 0

    init(_ source: any ByteSource, limit: Int64) {
        self.source = source
        self.limit = limit
    }

    /// The decompressor for a format, reading from `file`.
    static func decompressing(_ file: FileSource, _ format: ArchiveFormat) throws(LayerError) -> any ByteSource {
        switch format {
        case .plain: file
        case .gzip: try GzipSource(file)
        case .zstd: try ZstdSource(file)
        case .xz, .bzip2: try ForeignSource(file, format)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
        let got = try source.read(into: buffer)
        hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
        count += Int64(got)
        guard count <= limit else { throw .tooLarge("the uncompressed archive", limit: limit) }
        return got
    }

    /// The digest of everything that was read. To be called once, at the end.
    func digest() -> Digest {
        var hasher = DigestHasher()
        swap(&hasher, &self.hasher)
        return hasher.finish()
    }
}
