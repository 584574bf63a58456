import Glibc
import Linux
import SystemPackage
import Testing

/// A file system on a disk of its own that is too small for a ``LargeFile``, but not for its first blocks.
final class SmallDisk {
    private let scratch: ScratchFolder

    var path: FilePath { scratch.path.appending("disk") }

    init() throws {
        scratch = try ScratchFolder(in: "/var/tmp")
        let line = "mkdir disk; truncate -s 11M disk.img; mkfs.ext4 -q -m0 disk.img; mount -o loop disk.img disk"
        let shell = try ChildProcess(
            SpawnPlan(
                arguments: ["sh", "-ec", line], environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
                directory: scratch.path),
            try Streams.none())
        try #require(try shell.wait().isSuccess)
    }

    deinit { _ = umount2(path.string, Int32(MNT_DETACH)) }
}
