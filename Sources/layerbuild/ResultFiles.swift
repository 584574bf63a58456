import Builder
import Glibc
import Linux
import OCI
import SystemPackage

/// The files that tell other programs what was built: `--iidfile` and `--metadata-file`.
struct ResultFiles {
    let imageID: FilePath?
    let metadata: FilePath?

    /// Removes what an earlier build left there, so that nobody takes it for this one's, and finds out before the work
    /// begins that a file's folder is missing.
    func clear() throws(Failure) {
        for path in [imageID, metadata].compactMap(\.self) where PathKind(path.removingLastComponent()) != .folder {
            throw Failure(
                SyscallError("open", path.removingLastComponent(), .noSuchFileOrDirectory), doing: "writing `\(path)`")
        }
        for path in [imageID, metadata].compactMap(\.self) where PathKind(path) == .file {
            guard path.withPlatformString({ unlink($0) }) == 0 else {
                throw Failure(SyscallError("unlink", path, Errno(rawValue: errno)), doing: "clearing `\(path)`")
            }
        }
    }

    func write(_ summary: BuildSummary) throws(Failure) {
        if let imageID { try write(Array(summary.imageID.utf8), to: imageID) }
        if let metadata { try write(summary.metadata.serialised() + [UInt8(ascii: "\n")], to: metadata) }
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws(Failure) {
        do throws(SyscallError) {
            try File(opening: path, O_WRONLY | O_CREAT | O_TRUNC).write(bytes)
        } catch {
            throw Failure(error, doing: "writing `\(path)`")
        }
    }
}
