import CArchive
import Glibc
import Linux
import OCI

/// Entries into tar bytes: libarchive's restricted pax writer, wrapped here and nowhere else.
///
/// The headers of plain files and folders, which are nearly all, are filled in here, byte for byte as libarchive would:
/// its way of one entry costs as much as reading a small file.
///
/// What libarchive decides by itself is decided for it: xattrs as SCHILY records alone, no access and change times, no
/// user names, no sub-second times, no blocking. Contents are read straight into the frame; libarchive is shown them
/// where they lie and passes them on without touching them.
struct TarSink: ~Copyable {
    private let libarchive: ArchiveLibrary
    private let archive: OpaquePointer
    private let entry: OpaquePointer
    private let stream: FrameStream
    /// Who ends the entry that was written last.
    private var current = Author.nobody

    private enum Author {
        case nobody
        /// Its contents are padded by us, with so many zeros.
        case ours(padding: Int)
        case libarchive
    }

    init(into stream: FrameStream) throws(LayerError) {
        let libarchive = try ArchiveLibrary.load()
        guard Self.hasLocale, let archive = libarchive.newWriter() else { throw Self.unavailable }
        guard Self.configure(archive, libarchive, stream), let entry = libarchive.newEntry() else {
            _ = libarchive.freeWriter(archive)
            throw Self.unavailable
        }
        self.libarchive = libarchive
        self.archive = archive
        self.entry = entry
        self.stream = stream
    }

    private static func configure(
        _ archive: OpaquePointer, _ libarchive: ArchiveLibrary, _ stream: FrameStream
    ) -> Bool {
        libarchive.setPaxFormat(archive) == ARCHIVE_OK
            && libarchive.setFormatOption(archive, "pax", "xattrheader", "SCHILY") == ARCHIVE_OK
            && libarchive.setBlockSize(archive, 0) == ARCHIVE_OK
            && libarchive.setLastBlockSize(archive, 1) == ARCHIVE_OK
            && libarchive.openWriter(
                archive, Unmanaged.passUnretained(stream).toOpaque(), nil,
                { _, client, bytes, count in
                    guard let client else { return -1 }
                    let stream = Unmanaged<FrameStream>.fromOpaque(client).takeUnretainedValue()
                    return stream.accepts(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
                }, nil) == ARCHIVE_OK
    }

    deinit {
        libarchive.freeEntry(entry)
        // Otherwise a half-written archive would be completed with zeros.
        _ = libarchive.fail(archive)
        _ = libarchive.freeWriter(archive)
    }

    /// As for ``LayerWriter``.
    func whileIdle(do work: @escaping @Sendable () -> Bool) throws(LayerError) -> IdleThreads? {
        try stream.whileIdle(do: work)
    }

    /// Without a UTF-8 locale libarchive takes every name that is not ASCII for an error.
    private static let hasLocale = setlocale(LC_CTYPE, "C.UTF-8") != nil

    private static var unavailable: LayerError { .compressor("libarchive cannot write pax archives in C.UTF-8") }

    /// Writes an entry's header. A file's contents must follow, all of them.
    mutating func write(_ header: TarEntry) throws(LayerError) {
        try begin(header)
        guard let block = UstarBlock(header) else { return try writeHeaderByLibrary(header) }
        try block.withBytes { bytes throws(LayerError) in try stream.append(bytes) }
        current = .ours(padding: Int((512 - header.size % 512) % 512))
    }

    /// The same without a short cut.
    mutating func writeByLibrary(_ header: TarEntry) throws(LayerError) {
        try begin(header)
        try writeHeaderByLibrary(header)
    }

    private mutating func begin(_ header: TarEntry) throws(LayerError) {
        try finishEntry()
        try stream.prepare(for: header.path, size: header.size)
    }

    private mutating func writeHeaderByLibrary(_ header: TarEntry) throws(LayerError) {
        _ = libarchive.clear(entry)
        describe(header)
        // A name that is not UTF-8 is taken for a lack of memory if that was the last error of any call before.
        errno = 0
        // A warning tells that a name is not UTF-8 and was written as the bytes it is.
        let result = libarchive.writeHeader(archive, entry)
        if let failure = stream.failure { throw failure }
        guard result == ARCHIVE_OK || result == ARCHIVE_WARN else {
            throw .unwritable(header.path, reason: libarchive.reason(archive) ?? "")
        }
        current = .libarchive
    }

    /// Free memory into which the next part of a file's contents may be read.
    func room() throws(LayerError) -> UnsafeMutableRawBufferPointer { try stream.room() }

    /// The next part of the contents of the file whose header was written last, which `hasher` names.
    mutating func write(contents bytes: UnsafeRawBufferPointer, naming hasher: inout DigestHasher) throws(LayerError) {
        guard case .libarchive = current else { return try stream.append(bytes, naming: &hasher) }
        hasher.update(bytes)
        try write(contents: bytes)
    }

    /// The same for contents that are named already.
    mutating func write(contents bytes: UnsafeRawBufferPointer) throws(LayerError) {
        guard case .libarchive = current else { return try stream.append(bytes) }
        let result = libarchive.writeData(archive, bytes.baseAddress, bytes.count)
        if let failure = stream.failure { throw failure }
        guard result == bytes.count else { throw .compressor("libarchive took \(result) of \(bytes.count) bytes") }
    }

    private mutating func finishEntry() throws(LayerError) {
        switch current {
        case .nobody: return
        case .ours(let padding): try stream.appendZeros(padding)
        case .libarchive:
            _ = libarchive.finishEntry(archive)
            if let failure = stream.failure { throw failure }
        }
        current = .nobody
    }

    consuming func finish(meanwhile: () -> Void = {}) throws(LayerError) -> PackedTar {
        try finishEntry()
        _ = libarchive.closeWriter(archive)
        if let failure = stream.failure { throw failure }
        return try stream.finish(meanwhile: meanwhile)
    }

    private func describe(_ header: TarEntry) {
        libarchive.setMode(entry, mode_t(header.mode))
        libarchive.setOwner(entry, la_int64_t(header.owner))
        libarchive.setGroup(entry, la_int64_t(header.group))
        libarchive.setModified(entry, time_t(header.modified), 0)
        var path = header.path.bytes
        switch header.kind {
        case .file(let size):
            libarchive.setKind(entry, Glibc.S_IFREG)
            libarchive.setSize(entry, size)
        case .folder:
            libarchive.setKind(entry, Glibc.S_IFDIR)
            path.append(UInt8(ascii: "/"))
        case .symbolicLink(let target):
            libarchive.setKind(entry, Glibc.S_IFLNK)
            withCString(target) { libarchive.setSymbolicLink(entry, $0) }
        case .hardLink(let target):
            libarchive.setKind(entry, Glibc.S_IFREG)
            withCString(target.bytes) { libarchive.setHardLink(entry, $0) }
        case .characterDevice(let number): setDevice(Glibc.S_IFCHR, number)
        case .blockDevice(let number): setDevice(Glibc.S_IFBLK, number)
        case .fifo: libarchive.setKind(entry, Glibc.S_IFIFO)
        }
        withCString(path) { libarchive.setPath(entry, $0) }
        for attribute in header.attributes {
            withCString(attribute.name) {
                libarchive.addAttribute(entry, $0, attribute.value, attribute.value.count)
            }
        }
    }

    private func setDevice(_ type: UInt32, _ number: DeviceNumber) {
        libarchive.setKind(entry, type)
        libarchive.setMajor(entry, dev_t(number.major))
        libarchive.setMinor(entry, dev_t(number.minor))
    }

    private func withCString(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Void) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            buffer[bytes.count] = 0
            if let base = buffer.baseAddress { body(base) }
        }
    }
}

extension TarEntry {
    /// Bytes of contents that follow the header.
    var size: Int64 {
        if case .file(let size) = kind { size } else { 0 }
    }
}
