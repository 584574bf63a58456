import Glibc
package import Linux
package import SystemPackage

/// A fresh journaled ext4 file system on which everything is measured.
///
/// It lies in a file that has no name any more, and is mounted where only this process and its children see it. So the
/// kernel takes all of it away when the process ends, whatever ended it.
package struct TestBed: ~Copyable {
    /// Where the file system is mounted.
    package let path: FilePath
    package let stopwatch: Stopwatch
    private let scratch: ScratchFolder

    /// Makes the file system below `parent`, with a room of so many `gigabytes`.
    ///
    /// The calling thread leaves the host's mount namespace: all that is measured is to be started by it.
    package init(in parent: FilePath, gigabytes: Int, interruption: Interruption) throws {
        let room = try Self.room(in: parent)
        try ScratchFolder.clearAbandoned(in: room)
        let scratch = try ScratchFolder(in: room)
        let (image, mountPoint) = (scratch.path.appending("image"), scratch.path.appending("fs"))
        try Folder(opening: scratch.path).makeFolder("fs")
        try Mount.leaveHostNamespace()

        let log = Stopwatch(log: scratch.path.appending("log"), interruption: interruption)
        try log.run(.shell(Self.filling(image, gigabytes: gigabytes)))
        try log.run(Command(["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,nodiscard", image.string]))
        try log.run(.shell(Self.mounting(image, at: mountPoint)))
        try Folder(opening: scratch.path).unlink("image")
        self.path = mountPoint
        self.stopwatch = log
        self.scratch = scratch
    }

    /// Every block is written once: a disk has no holes. Who waits for the disk would wait for the file system below to
    /// find room for them, more than twice as long, and the earlier rounds for more of them.
    private static func filling(_ image: FilePath, gigabytes: Int) -> String {
        let line = "dd if=/dev/zero of=\(image.string.quoted) bs=4M count=\(gigabytes << 8)"
        return "\(line) oflag=direct || \(line) conv=fdatasync"
    }

    /// The file's own pages are kept out of the cache where that is possible, as a disk has none: everything would be
    /// copied twice.
    private static func mounting(_ image: FilePath, at mountPoint: FilePath) -> String {
        """
        device=$(losetup --find --show \(image.string.quoted))
        trap 'losetup --detach "$device"' EXIT
        losetup --direct-io=on "$device" || echo 'what is written is cached twice' >&2
        mount "$device" \(mountPoint.string.quoted)
        """
    }

    /// A folder that is ours alone: what else lies in `parent` belongs to others, and is never cleared.
    private static func room(in parent: FilePath) throws -> FilePath {
        let name: FilePath = "layerbuild-bench"
        let folder = try Folder(opening: parent)
        if try folder.status(of: name) == nil { try folder.makeFolder(name, mode: 0o700) }
        guard let status = try folder.status(of: name), status.kind == .folder, status.owner == geteuid() else {
            throw BenchmarkError("`\(parent.appending(name.components))` is not a folder of the user who measures")
        }
        return parent.appending(name.components)
    }

    /// Writes what is dirty to the disk, so that nobody pays for what another has written.
    package func settle() throws {
        try Folder(opening: path).syncFileSystem()
    }

    /// Unmounts, and removes the mount point; also after an interruption.
    package consuming func remove() throws {
        let stopwatch = Stopwatch(log: scratch.path.appending("log"), interruption: try Interruption())
        try stopwatch.run(Command(["umount", "-l", path.string]))
        try scratch.remove()
    }
}
