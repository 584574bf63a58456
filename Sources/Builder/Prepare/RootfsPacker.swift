import Glibc
import Layers
import Linux
import OCI
import SystemPackage

/// Turns a tar of files, however it was made, into a layer as ours are.
///
/// The archive is read twice: first to learn which member counts where a name stands more than once, as the last one
/// does for every reader of tars; then to copy. The order of the members stays.
struct RootfsPacker: ~Copyable {
    /// Files up to this size pass through memory, larger ones through a file.
    private static let memoryLimit: Int64 = 4 << 20

    private let limits: ArchiveLimits
    private let normaliser = EntryNormaliser()
    private let scratch: File
    /// Which member a name stands for, counted from the first.
    private var last: [TreePath: Int] = [:]
    /// Names that are no folders in the end.
    private var leaves: Set<TreePath> = []
    private(set) var newest: Int64?

    init(limits: ArchiveLimits, scratch: consuming File) {
        self.limits = limits
        self.scratch = scratch
    }

    /// Reads the archive from its beginning, twice.
    mutating func pack(_ archive: borrowing File, into writer: inout LayerWriter) throws(LayerError) {
        try survey(archive)
        let reader = try reader(archive)
        var number = 0
        while let entry = try reader.next() {
            defer { number += 1 }
            // The root itself has no entry in a layer.
            guard !entry.path.isRoot, last[entry.path] == number else { continue }
            try write(entry, number, from: reader, into: &writer)
        }
        _ = try reader.finish()
    }

    private func reader(_ archive: borrowing File) throws(LayerError) -> TarReader {
        let file = try LayerError.kernel { () throws(SyscallError) in
            let copy = File(try archive.handle.duplicate())
            try copy.seek(to: 0)
            return copy
        }
        return try TarReader(file, limits: limits)
    }

    private mutating func survey(_ archive: borrowing File) throws(LayerError) {
        let reader = try reader(archive)
        var number = 0
        while let entry = try reader.next() {
            last[entry.path] = number
            if entry.kind == .folder { leaves.remove(entry.path) } else { leaves.insert(entry.path) }
            number += 1
        }
        _ = try reader.finish()
        for path in last.keys {
            var folder = path.parent
            while !folder.isRoot, !leaves.contains(folder) { folder = folder.parent }
            guard folder.isRoot else {
                throw .refused("\(path)", reason: "it lies in `\(folder)`, which is no folder")
            }
        }
    }

    private mutating func write(
        _ entry: TarEntry, _ number: Int, from reader: TarReader, into writer: inout LayerWriter
    ) throws(LayerError) {
        var entry = entry
        entry.attributes = normaliser.attributes(entry.attributes)
        newest = max(newest ?? entry.modified, entry.modified)
        switch entry.kind {
        case .file(let size) where size > Self.memoryLimit:
            try spill(size, from: reader)
            try writer.write(entry, contents: scratch)
        case .file(let size): try writer.write(entry, bytes: try contents(size, from: reader))
        case .hardLink(let target):
            guard let index = last[target], index < number, leaves.contains(target) else {
                throw .refused(
                    "\(entry.path)", reason: "the file that it is a second name of does not come before it")
            }
            entry.attributes = []
            try writer.write(entry)
        case .folder, .symbolicLink, .characterDevice, .blockDevice, .fifo: try writer.write(entry)
        }
    }

    private func contents(_ size: Int64, from reader: TarReader) throws(LayerError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, filled throws(LayerError) in
            let room = UnsafeMutableRawBufferPointer(buffer)
            while filled < room.count {
                let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
                guard count > 0 else { throw .corrupt("a file ends too early") }
                filled += count
            }
        }
    }

    /// Puts a large file's contents aside and leaves the scratch file at its beginning.
    private func spill(_ size: Int64, from reader: TarReader) throws(LayerError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        do throws(SyscallError) {
            try scratch.truncate(to: 0)
            try scratch.seek(to: 0)
        } catch {
            throw .system(error)
        }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            do { try scratch.write(UnsafeRawBufferPointer(rebasing: buffer[..<count])) } catch { throw .system(error) }
        }
        do { try scratch.seek(to: 0) } catch { throw .system(error) }
    }
}
