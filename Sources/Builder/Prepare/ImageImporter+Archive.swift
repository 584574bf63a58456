import Glibc
import Layers
import Linux
import OCI
import Store
import SystemPackage

extension ImageImporter {
    /// Opens an archive as a plain tar whose members can be read where they lie.
    ///
    /// What is compressed, or comes through a pipe, is written to a nameless file first.
    func archive(_ path: FilePath) throws(ImageError) -> ArchiveFiles {
        let file = try ImageError.system { () throws(SyscallError) in try File(opening: path, O_RDONLY) }
        let status = try ImageError.system { () throws(SyscallError) in try file.status() }
        if status.kind == .regular {
            let start = try ImageError.system { () throws(SyscallError) in try file.bytes(at: 0, upTo: 8) }
            guard !start.isEmpty else { throw .rejected("image-not-recognised", path.string, "the file is empty") }
        }
        return try ArchiveFiles(file, place: path.string)
    }
}
