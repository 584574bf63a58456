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

extension FolderEntry: Comparable {
    package static func < (left: FolderEntry, right: FolderEntry) -> Bool {
        left.name.withUnsafeBytes { first in
            right.name.withUnsafeBytes { second in
                guard let one = first.baseAddress, let other = second.baseAddress else { return first.isEmpty }
                let order = memcmp(one, other, min(first.count, second.count))
                return order < 0 || order == 0 && first.count < second.count
            }
        }
    }
}

extension FilePath {
    /// A path of exactly these bytes.
    package init(bytes: some Collection<UInt8>) {
        self = (bytes.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return FilePath() }
            return FilePath(platformString: base)
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
        let copy = try open(".", O_RDONLY | O_DIRECTORY).release()
        guard let stream = fdopendir(copy) else {
            let errno = Errno(rawValue: Glibc.errno)
            close(copy)
            throw SyscallError("fdopendir", "", errno)
        }
        defer { closedir(stream) }

        var entries: [FolderEntry] = []
        while true {
            Glibc.errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                Array(bytes[..<(bytes.baseAddress.map { strnlen($0, bytes.count) } ?? 0)])
            }
            if name != [46], name != [46, 46] {
                entries.append(FolderEntry(name: name, kind: FileKind(mode: UInt32(entry.pointee.d_type) << 12)))
            }
        }
        guard Glibc.errno == 0 else { throw SyscallError("readdir", "", Errno(rawValue: Glibc.errno)) }
        entries.sort()
        return entries
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
