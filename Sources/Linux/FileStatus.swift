import Glibc
package import SystemPackage

/// What `lstat` says of a file.
package struct FileStatus: Hashable, Sendable, BitwiseCopyable {
    /// Whole seconds and nanoseconds since 1970.
    package struct Time: Hashable, Sendable, BitwiseCopyable {
        package let seconds: Int64
        package let nanoseconds: Int64

        package init(seconds: Int64, nanoseconds: Int64 = 0) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }
    }

    package let kind: FileKind
    /// The lower twelve bits: permissions, set-user-ID, set-group-ID, sticky.
    package private(set) var mode: UInt16
    package let owner: UInt32
    package let group: UInt32
    package let size: Int64
    package private(set) var modified: Time
    package let changed: Time
    package let device: UInt64
    package let inode: UInt64
    package let linkCount: UInt64
    /// Of a device node.
    package let deviceNumber: DeviceNumber
    /// Space used on the disk, in bytes.
    package let allocated: Int64

    /// Of what a path of the host leads to, links followed.
    package init(following path: FilePath) throws(SyscallError) {
        var status = stat()
        try check("stat", path.string) { path.withPlatformString { stat($0, &status) } }
        self.init(status)
    }

    init(_ status: stat) {
        kind = FileKind(mode: status.st_mode) ?? .regular
        mode = UInt16(status.st_mode & 0o7777)
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        modified = Time(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
        changed = Time(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int64(status.st_ctim.tv_nsec))
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = UInt64(status.st_nlink)
        deviceNumber = DeviceNumber(UInt64(status.st_rdev))
        allocated = Int64(status.st_blocks) * 512
    }

    /// Of the root that a file system without files has: root's, 0755.
    package static let emptyRoot: FileStatus = {
        var status = stat()
        status.st_mode = S_IFDIR | 0o755
        return FileStatus(status)
    }()

    /// The same file as somebody else is to see it.
    package func showing(mode: UInt16, modified: Time) -> FileStatus {
        var status = self
        status.mode = mode
        status.modified = modified
        return status
    }

    /// True for the character device 0:0 with which overlayfs marks a deleted name.
    package var isOverlayWhiteout: Bool {
        kind == .characterDevice && deviceNumber == DeviceNumber(major: 0, minor: 0)
    }
}

/// The two numbers of a device node.
package struct DeviceNumber: Hashable, Sendable, BitwiseCopyable {
    package let major: UInt32
    package let minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// Splits a `dev_t` as glibc lays it out.
    init(_ number: UInt64) {
        major = UInt32(truncatingIfNeeded: (number >> 8) & 0xFFF | (number >> 32) & 0xFFFF_F000)
        minor = UInt32(truncatingIfNeeded: number & 0xFF | (number >> 12) & 0xFFFF_FF00)
    }

    /// As a `dev_t`.
    var packed: UInt64 {
        let (major, minor) = (UInt64(major), UInt64(minor))
        return (major & 0xFFF) << 8 | (major & 0xFFFF_F000) << 32 | minor & 0xFF | (minor & 0xFFFF_FF00) << 12
    }
}
