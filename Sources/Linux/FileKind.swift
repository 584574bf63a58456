import Glibc

/// What a directory entry is.
package enum FileKind: Hashable, Sendable, BitwiseCopyable {
    case regular
    case folder
    case symbolicLink
    case characterDevice
    case blockDevice
    case fifo
    case socket

    /// From the type bits of `st_mode`; `nil` for a value that Linux does not know.
    init?(mode: UInt32) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .symbolicLink
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        case S_IFIFO: self = .fifo
        case S_IFSOCK: self = .socket
        default: return nil
        }
    }
}
