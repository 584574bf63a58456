import Linux
import OCI
import Store
import SystemPackage

/// Writes members of a ``LayoutArchive`` into a file, one behind the other.
///
/// Blobs are copied by the kernel and are not read here: the store gives out none that is not what it was when it came
/// in.
struct LayoutArchiveWriter {
    let store: Store
    /// Says whether somebody will wait for the disk to have the file.
    let persistence: Persistence
    /// Where the next member goes, which has to be the file's position.
    private(set) var position: Int64 = 0

    /// `progress` is told how many bytes the file holds.
    mutating func write(
        _ members: some Sequence<LayoutArchive.Member>, to file: borrowing File, progress: (Int64) -> Void = { _ in }
    ) throws(ImageError) {
        for member in members {
            let start = position
            var small = member.header
            if case .bytes(let bytes)? = member.contents { small += bytes }
            try append(small, to: file)
            if case .blob(let digest, let size)? = member.contents { try copy(digest, size, to: file, progress) }
            try append(TarRecord.zeros(after: member.contents?.size ?? 0), to: file)
            file.startWriteback(at: start, count: position - start, for: persistence)
            progress(position)
        }
    }

    private mutating func copy(
        _ digest: Digest, _ size: Int64, to file: borrowing File, _ progress: (Int64) -> Void
    ) throws(ImageError) {
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.open(digest) }
        let copy = FileCopy(of: size, to: position, for: persistence)
        let copied = try ImageError.system { () throws(SyscallError) in
            try copy.run(from: blob, into: file) { progress(position + $0) }
        }
        guard copied == size else { throw .system(SyscallError("read", "\(digest)", .ioError)) }
        position += size
    }

    /// Writes what stands around the contents of a member that are in the file already.
    mutating func enclose(_ member: LayoutArchive.Member, in file: borrowing File) throws(ImageError) {
        try ImageError.system { () throws(SyscallError) in _ = try file.seek(to: position) }
        try append(member.header, to: file)
        position += member.contents?.size ?? 0
        try ImageError.system { () throws(SyscallError) in _ = try file.seek(to: position) }
        try append(TarRecord.zeros(after: member.contents?.size ?? 0), to: file)
    }

    mutating func append(_ bytes: [UInt8], to file: borrowing File) throws(ImageError) {
        try ImageError.system { () throws(SyscallError) in try file.write(bytes) }
        position += Int64(bytes.count)
    }
}
