import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// The contents of the files of archives that ADD extracts, one behind the other in a file without a name.
///
/// An archive is read once and in its own order, a layer is written in the order of the paths; and nothing of an
/// archive is ever laid out as files, so no name in it can lead anywhere.
struct ArchiveSpool: ~Copyable {
    private let file: File
    private var size: Int64 = 0

    init(in folder: FilePath) throws(BuildError) {
        do { file = try File.scratch(in: folder) } catch { throw BuildError(error, doing: "extracting an archive") }
    }

    /// Plans the entries of an archive below `destination`; false, and nothing is planned, if the file is no archive.
    mutating func extract(
        _ archive: consuming File, with planner: inout CopyPlanner, to destination: String
    ) throws(BuildError) -> Bool {
        guard let (reader, first) = try Self.begin(archive) else { return false }
        let folder = try planner.archiveFolder(destination)
        var next: TarEntry? = first
        while let entry = next {
            let contents = try spool(entry, from: reader)
            try planner.extract(entry, contents, into: folder)
            next = try fromLayers { () throws(LayerError) in try reader.next() }
        }
        _ = try fromLayers { () throws(LayerError) in try reader.finish() }
        return true
    }

    /// The archive with its first entry. A file that only looks like an archive at its start is a file like any other;
    /// an archive whose first entry is refused is not, and must not be copied as if nothing were wrong with it.
    private static func begin(_ archive: consuming File) throws(BuildError) -> (TarReader, TarEntry)? {
        do throws(LayerError) {
            let reader = try TarReader(archive, nameless: .skipped)
            guard let first = try reader.next() else { return nil }
            return (reader, first)
        } catch {
            if case .refused = error { throw BuildError(error) }
            return nil
        }
    }

    /// Takes over the contents of an entry.
    private mutating func spool(_ entry: TarEntry, from reader: TarReader) throws(BuildError) -> PlannedEntry.Contents {
        guard case .file(let length) = entry.kind else { return .none }
        let start = size
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
        defer { buffer.deallocate() }
        while size < start + length {
            let count = try fromLayers { () throws(LayerError) in try reader.read(into: buffer) }
            guard count > 0 else { throw BuildError(.corrupt("\(entry.path) ends too early")) }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            do { try file.write(piece) } catch { throw BuildError(error, doing: "extracting an archive") }
            size += Int64(count)
        }
        return .spool(offset: start)
    }

    /// Writes an entry whose contents lie at an offset of the spool.
    func write(_ entry: TarEntry, at offset: Int64, to writer: inout LayerWriter) throws(BuildError) {
        try fromLayers { () throws(LayerError) in try writer.write(entry, contents: file, from: offset) }
    }
}
