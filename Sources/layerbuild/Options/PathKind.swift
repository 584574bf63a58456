import Glibc
import SystemPackage

/// What lies at a path, links followed.
enum PathKind: Hashable {
    case folder
    case file
    /// A FIFO, a device, a socket.
    case special

    /// `nil` if nothing that we may see is there.
    init?(_ path: FilePath) {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: self = .folder
        case S_IFREG: self = .file
        default: self = .special
        }
    }
}
