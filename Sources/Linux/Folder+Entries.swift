import CLinux
import Glibc
package import SystemPackage

/// One name in a folder's listing.
package struct FolderEntry: Hashable, Sendable {
    /// Bytes without a slash.
    package let name: [UInt8]
    /// As the listing tells it; `nil` where the file system does not.
    package let kind: FileKind?

    package var path: FilePath { FilePath(bytes: name) }
}

extension FilePath {
    /// A path of exactly these bytes.
    package init(bytes: some Collection<UInt8>) {
        self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { buffer in
            let end = buffer.initialize(fromContentsOf: bytes)
            buffer.initializeElement(at: end, to: 0)
            return buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
            }
        }
    }

    /// The path as the kernel gets it.
    package var bytes: [UInt8] {
        withPlatformString { pointer in
            Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
        }
    }
}

extension Folder {
    /// What the folder holds but `.` and `..`, sorted by bytes.
    package func entries() throws(SyscallError) -> [FolderEntry] {
        let listing = try listing()
        return (0..<listing.count).map { listing[$0] }
    }

    /// The same in the form that takes the least memory.
    package func listing() throws(SyscallError) -> FolderListing {
        // A position of its own: others may be listing the same folder.
        let folder = try open(".", O_RDONLY | O_DIRECTORY)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 8)
        defer { buffer.deallocate() }
        var listing = FolderListing()
        while true {
            let count = try checkShim("getdents64") {
                clinux_getdents(folder.number, buffer.baseAddress, UInt(buffer.count))
            }
            if count == 0 { break }
            listing.append(records: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        listing.sort()
        return listing
    }

    // A name of a listing is passed on as the bytes it is: that costs a fraction of making a path of it.

    /// The status of an entry, never of what a link points to; `nil` if it is gone.
    package func status(of entry: FolderEntry) throws(SyscallError) -> FileStatus? {
        var status = stat()
        do throws(SyscallError) {
            try check("fstatat", entry.path.string) {
                FilePath.withTerminated(entry.name) { fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return nil
        }
        return FileStatus(status)
    }

    /// Opens an entry for reading; fails with `ELOOP` on a link.
    package func open(named name: [UInt8], _ flags: Int32 = O_RDONLY) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(
            try check("openat", FilePath(bytes: name).string) {
                FilePath.withTerminated(name) { openat(number, $0, flags | O_CLOEXEC | O_NOFOLLOW, 0) }
            })
    }
}
