package import Linux
package import OCI

/// Writes a layer: entries in, in their final order; a blob and all its names out, in one pass.
///
///     entries → tar → frames → compressed on `threads` threads → in order → file
///                └→ SHA-256: DiffID, and each file's contents       └→ SHA-256: digest
///
/// The bytes follow from the entries and the compression alone: not from threads, locale, umask or clock.
package struct LayerWriter: ~Copyable {
    private var tar: TarSink
    private var names = ContentsHasher()
    private var contents = DigestHasher()
    private var entryCount = 0

    /// Writes from the file's position on.
    ///
    /// `earlier` are frames of the same compression. Those that come again are taken from there; the bytes are the same
    /// as without. `persistence` says whether somebody will wait for the disk to have the file. `twin` gets the same
    /// bytes.
    package init(
        into file: consuming File, compression: Compression = .standard, threads: Int,
        reusing earlier: PackedFrames? = nil, for persistence: Persistence = .disk,
        copyingTo twin: FileTwin? = nil
    ) throws(LayerError) {
        let sink = FileSink(file, for: persistence, copyingTo: twin)
        let output = try FrameOutput(into: sink, compression, threads: threads, reusing: earlier)
        tar = try TarSink(into: FrameStream(output))
    }

    /// Names what it is given and writes it nowhere: for those who need the names before there is time for a blob. The
    /// summary is that of a blob without compression.
    package init() throws(LayerError) { tar = try TarSink(into: FrameStream(FrameOutput())) }

    /// Writes an entry that has no contents: anything but a file, or an empty file.
    package mutating func write(_ entry: TarEntry) throws(LayerError) {
        try write(entry, bytes: [])
    }

    /// Writes a file whose contents are at hand.
    package mutating func write(_ entry: TarEntry, bytes: [UInt8]) throws(LayerError) {
        guard entry.size == Int64(bytes.count) else { throw .changedWhileReading(entry.path) }
        try writeHeader(entry)
        guard case .file = entry.kind else { return }
        guard !bytes.isEmpty else { return names.add(contents: Self.nothing) }
        try bytes.withUnsafeBufferPointer { bytes throws(LayerError) in
            try tar.write(contents: UnsafeRawBufferPointer(bytes), naming: &contents)
        }
        names.add(contents: contents.next())
    }

    /// Writes a file and reads its contents from `file`, exactly as many bytes as the entry says.
    ///
    /// What is read is written to `descriptor` as well. `known` is the digest of the contents, if it is known already.
    /// Returns the digest of the contents.
    @discardableResult
    package mutating func write(
        _ entry: TarEntry, contents file: borrowing File, copyTo descriptor: Int32? = nil, digest known: Digest? = nil
    ) throws(LayerError) -> Digest {
        try writeHeader(entry)
        var reader = ContentsReader(entry, digest: known, copyTo: descriptor)
        let digest = try reader.read(file, into: &tar, hasher: &contents)
        names.add(contents: digest)
        return digest
    }

    /// Writes a file whose contents are the part of `file` that begins at `start`.
    package mutating func write(
        _ entry: TarEntry, contents file: borrowing File, from start: Int64
    ) throws(LayerError) {
        try writeHeader(entry)
        var reader = ContentsReader(entry, digest: nil, copyTo: nil)
        names.add(contents: try reader.read(file, from: start, into: &tar, hasher: &contents))
    }

    /// Writes the mark that hides the lower `path`.
    package mutating func write(whiteout path: TreePath) throws(LayerError) {
        let entry = Whiteout.entry(for: path)
        try tar.write(entry)
        names.add(entry)
        names.add(contents: Self.nothing)
        entryCount += 1
    }

    /// Has the threads do `work` whenever they have nothing to compress, until it returns false, and again when they are
    /// reminded. `nil` where the layer has none.
    package func whileIdle(do work: @escaping @Sendable () -> Bool) throws(LayerError) -> IdleThreads? {
        try tar.whileIdle(do: work)
    }

    /// `meanwhile` is called once nothing is left to be taken in, while the last of it is still compressed.
    package consuming func finish(meanwhile: () -> Void = {}) throws(LayerError) -> WrittenLayer {
        let summary = try tar.finish(meanwhile: meanwhile)
        return WrittenLayer(
            diffID: summary.diffID, digest: summary.digest, size: summary.size,
            uncompressedSize: summary.uncompressedSize, entryCount: entryCount, contents: names.finish())
    }

    private static let nothing = Digest.of([])

    private mutating func writeHeader(_ entry: TarEntry) throws(LayerError) {
        guard !Whiteout.isReserved(entry.path.lastComponent) else { throw .reservedName(entry.path) }
        try tar.write(entry)
        names.add(entry)
        entryCount += 1
    }
}
