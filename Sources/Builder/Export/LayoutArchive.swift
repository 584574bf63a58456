import Linux
import OCI
import SystemPackage

/// A tar of documents and blobs, as a value: what is in it and how large it gets is known before a byte is written.
///
///     blobs/ │ blobs/sha256/ │ blobs/sha256/<hex> … │ index.json │ manifest.json │ oci-layout
///
/// Members are sorted and carry no owner and no time, so the same image makes the same bytes anywhere.
struct LayoutArchive: Sendable {
    enum Contents: Hashable, Sendable {
        case bytes([UInt8])
        /// A blob of the store.
        case blob(Digest, size: Int64)

        var size: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .blob(_, let size): size
            }
        }
    }

    private(set) var members: [TreePath: Contents] = [:]

    mutating func add(_ name: TreePath, _ contents: Contents) { members[name] = contents }

    mutating func add(_ name: String, _ contents: Contents) { members[TreePath(normalising: name)] = contents }

    /// The members in the order in which they stand, every folder before what it holds.
    private var sorted: [(name: TreePath, contents: Contents?)] {
        var all = members.mapValues(Optional.some)
        for name in members.keys {
            var folder = name.parent
            while !folder.isRoot {
                all[folder] = .some(nil)
                folder = folder.parent
            }
        }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// How many bytes the archive has.
    var size: Int64 {
        sorted.reduce(1024) { sum, member in
            let contents = member.contents?.size ?? 0
            return sum + Int64(TarRecord.header(member.name, size: member.contents?.size).count) + contents
                + TarRecord.padding(after: contents)
        }
    }

    /// How much is copied before the disk is told to begin with it.
    private static let portion: Int64 = 16 << 20

    /// Writes the archive. Blobs are copied by the kernel and are not read here: the store gives out none that is not
    /// what it was when it came in.
    ///
    /// `persistence` says whether somebody will wait for the disk to have it. `open` gives the file of a blob;
    /// `progress` is told how many bytes have been written so far.
    func write<Failure: Error>(
        to file: borrowing File, for persistence: Persistence, open: (Digest) throws(Failure) -> File,
        failure: (SyscallError) -> Failure, progress: (Int64) -> Void
    ) throws(Failure) {
        var position: Int64 = 0
        for (name, contents) in sorted {
            let start = position
            var small = TarRecord.header(name, size: contents?.size)
            if case .bytes(let bytes)? = contents { small += bytes }
            try attempt(failure) { () throws(SyscallError) in try file.write(small) }
            position += Int64(small.count)
            if case .blob(let digest, let size)? = contents {
                let blob = try open(digest)
                for part in stride(from: 0, to: size, by: Int64.Stride(Self.portion)) {
                    let count = min(size - part, Self.portion)
                    try attempt(failure) { () throws(SyscallError) in
                        let copied = try file.append(from: blob, count: count)
                        guard copied == count else { throw SyscallError("copy_file_range", "\(digest)", .ioError) }
                    }
                    file.startWriteback(at: position, count: count, for: persistence)
                    position += count
                    progress(position)
                }
            }
            let padding = TarRecord.padding(after: contents?.size ?? 0)
            try attempt(failure) { () throws(SyscallError) in
                try file.write([UInt8](repeating: 0, count: Int(padding)))
            }
            position += padding
            file.startWriteback(at: start, count: position - start, for: persistence)
            progress(position)
        }
        try attempt(failure) { () throws(SyscallError) in try file.write([UInt8](repeating: 0, count: 1024)) }
    }

    private func attempt<Failure: Error>(
        _ failure: (SyscallError) -> Failure, _ body: () throws(SyscallError) -> Void
    ) throws(Failure) {
        do { try body() } catch { throw failure(error) }
    }
}
