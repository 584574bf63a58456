import Glibc
import SystemPackage
import Testing

/// A mount on a folder of a test's own.
struct TestMount {
    let path: FilePath

    /// A small file system in memory.
    init(memory path: FilePath, size: String) throws {
        self.path = path
        let result = path.withPlatformString { mount("tmpfs", $0, "tmpfs", 0, "size=\(size)") }
        try #require(result == 0)
    }

    /// The folder itself, read-only.
    init(readOnly path: FilePath) throws {
        self.path = path
        let bound = path.withPlatformString { mount($0, $0, nil, UInt(MS_BIND), nil) }
        try #require(bound == 0)
        let flags = UInt(MS_BIND | MS_REMOUNT | MS_RDONLY)
        let result = path.withPlatformString { mount(nil, $0, nil, flags, nil) }
        try #require(result == 0)
    }

    func remove() {
        _ = path.withPlatformString { umount2($0, Int32(MNT_DETACH)) }
    }
}
