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
        // A position of its own: others may be listing the same folder.
        let listing = try open(".", O_RDONLY | O_DIRECTORY)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 8)
        defer { buffer.deallocate() }
        var entries: [FolderEntry] = []
        while true {
            let count = try checkShim("getdents64") {
                clinux_getdents(listing.number, buffer.baseAddress, UInt(buffer.count))
            }
            if count == 0 { break }
            Self.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &entries)
        }
        entries.sort()
        return entries
    }

    /// Each record of getdents64(2): inode and offset, the record's length (two bytes), the kind (one), and the name,
    /// ended by a zero.
    private static func read(_ records: UnsafeRawBufferPointer, into entries: inout [FolderEntry]) {
        var start = 0
        while start < records.count {
            let end = start + Int(records.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
            let text = UnsafeRawBufferPointer(rebasing: records[(start + 19)..<end])
            let name = Array(text[..<(text.baseAddress.map { strnlen($0, text.count) } ?? 0)])
            if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] {
                entries.append(FolderEntry(name: name, kind: FileKind(mode: UInt32(records[start + 18]) << 12)))
            }
            start = end
        }
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
