import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage

extension ImageImporter {
    /// Opens an archive as a plain tar whose members can be read where they lie.
    ///
    /// What is compressed, or comes through a pipe, is written to a file of the store's scratch folder first.
    func archive(_ path: FilePath) throws(ImageError) -> ArchiveFiles {
        let isRegular = try hasEnd(path)
        let file = try ImageError.named { () throws(SyscallError) in try File(opening: path) }
        if isRegular {
            let start = try ImageError.system { () throws(SyscallError) in
                try file.bytes(at: 0, upTo: ArchiveFormat.sniffLength)
            }
            if ArchiveFormat(sniffing: start) == .plain { return try ArchiveFiles(file, place: path.string) }
        }
        let scratch = try scratchFile()
        do throws(LayerError) {
            _ = try TarReader.unpack(file, into: scratch, limits: limits)
        } catch {
            throw ImageError.reading(error, path.string)
        }
        return try ArchiveFiles(scratch, place: path.string)
    }

    /// True for a regular file, false for what the caller has opened for us; everything else may never come to an end, or
    /// have nobody at its other side, and is refused.
    private func hasEnd(_ path: FilePath) throws(ImageError) -> Bool {
        let kind = try ImageError.named { () throws(SyscallError) in try FileStatus(following: path).kind }
        let isHandedOver = path == "/dev/stdin" || path.starts(with: "/dev/fd") || path.starts(with: "/proc/self/fd")
        switch kind {
        case .regular: return true
        case .fifo where isHandedOver, .socket where isHandedOver: return false
        case .fifo, .socket, .folder, .characterDevice, .blockDevice, .symbolicLink:
            throw .rejected(
                "image-file-kind", path.string, "it is no file; an archive may come over `-`, standard input")
        }
    }

    /// A file that is gone when the process ends, killed or not.
    func scratchFile() throws(ImageError) -> File {
        let name = try ImageError.store { () throws(StoreError) in try store.scratchPath() }
        return try ImageError.system { () throws(SyscallError) in
            let file = try File(opening: name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            let parent = try Folder(opening: name.removingLastComponent())
            if let last = name.lastComponent { try parent.unlink(FilePath(root: nil, [last])) }
            return file
        }
    }
}
