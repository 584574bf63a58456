import Glibc
package import SystemPackage

/// An open file that is no folder.
package struct File: ~Copyable, Sendable {
    /// `O_TMPFILE`, a macro too complex to be imported.
    private static let anonymousFlag: Int32 = 0o20_000_000 | O_DIRECTORY

    package let handle: OwnedDescriptor

    package init(_ handle: consuming OwnedDescriptor) { self.handle = handle }

    /// Opens a path of the host. `O_CLOEXEC` is always added.
    package init(
        opening path: FilePath, _ flags: Int32 = O_RDONLY, mode: UInt32 = 0o644
    ) throws(SyscallError) {
        handle = OwnedDescriptor(
            try check("open", path.string) {
                path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC, mode) }
            })
    }

    /// A file that nothing else can name until it is linked: gone when dropped.
    package static func anonymous(in folder: FilePath, mode: UInt32 = 0o600) throws(SyscallError) -> File {
        try File(opening: folder, O_RDWR | Self.anonymousFlag, mode: mode)
    }

    /// A file to write and to read again, which is gone when dropped. Unlike an anonymous one it may not be linked, and
    /// every file system has it.
    package static func scratch(in folder: FilePath) throws(SyscallError) -> File {
        do throws(SyscallError) {
            return try anonymous(in: folder)
        } catch  where [.notSupported, .isDirectory, .noSuchFileOrDirectory].contains(error.errno) {
            return try unlinked(in: folder)
        }
    }

    /// A file that had a name for a moment.
    static func unlinked(in folder: FilePath) throws(SyscallError) -> File {
        let folder = try Folder(opening: folder)
        var generator = SystemRandomNumberGenerator()
        while true {
            let name = FilePath(String(generator.next(), radix: 36))
            do throws(SyscallError) {
                let file = File(try folder.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600))
                try folder.unlink(name)
                return file
            } catch  where error.errno == .fileExists {
                continue
            }
        }
    }

    package var number: Int32 { handle.number }

    package func status() throws(SyscallError) -> FileStatus {
        var status = stat()
        try check("fstat") { fstat(number, &status) }
        return FileStatus(status)
    }

    /// Reads into the buffer once; 0 at the end of the file.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
        try check("read") { Glibc.read(number, buffer.baseAddress, buffer.count) }
    }

    /// Reads at an offset, leaving the file's own position alone.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SyscallError) -> Int {
        try check("pread") { pread(number, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    /// Reads the whole rest, refusing to take more than `limit` bytes.
    ///
    /// Most files that are read like this are small: the first part of the buffer is no larger than they are, since
    /// memory that nothing touched before costs more than the reading.
    package func readAll(limit: Int) throws(SyscallError) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = 2048
        while true {
            let before = bytes.count
            bytes.append(contentsOf: try readChunk(room))
            if bytes.count == before { return bytes }
            guard bytes.count <= limit else { throw SyscallError("read", "more than \(limit) bytes", .fileTooLarge) }
            room = min(2 * room, 1 << 16)
        }
    }

    private func readChunk(_ size: Int) throws(SyscallError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count throws(SyscallError) in
            count = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Writes every byte.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SyscallError) {
        try File.write(bytes, to: number)
    }

    /// Writes every byte to a file that somebody else keeps open.
    package static func write(_ bytes: UnsafeRawBufferPointer, to number: Int32) throws(SyscallError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = try check("write") { Glibc.write(number, rest.baseAddress, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    package func write(_ bytes: [UInt8]) throws(SyscallError) {
        var offset = 0
        while offset < bytes.count {
            offset += try check("write") {
                bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress.map { $0 + offset }, $0.count - offset) }
            }
        }
    }

    /// Writes every byte at an offset, leaving the file's own position alone.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SyscallError) {
        var written = 0
        while written < bytes.count {
            written += try check("pwrite") {
                pwrite(number, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset) + written)
            }
        }
    }

    @discardableResult
    package func seek(to offset: Int64) throws(SyscallError) -> Int64 {
        Int64(try check("lseek") { lseek(number, off_t(offset), SEEK_SET) })
    }

    package func position() throws(SyscallError) -> Int64 {
        Int64(try check("lseek") { lseek(number, 0, SEEK_CUR) })
    }

    /// How many bytes can still be written to the file system that the file lies on.
    package func room() throws(SyscallError) -> Int64 {
        var status = statvfs()
        try check("fstatvfs") { fstatvfs(number, &status) }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    package func truncate(to size: Int64) throws(SyscallError) {
        try check("ftruncate") { ftruncate(number, off_t(size)) }
    }

    /// Waits until the file's bytes are on the disk.
    package func sync() throws(SyscallError) {
        try check("fsync") { fsync(number) }
    }

    package func setMode(_ mode: UInt16) throws(SyscallError) {
        try check("fchmod") { fchmod(number, mode_t(mode)) }
    }

    /// Gives an anonymous file its name, which must be free.
    package func link(at path: FilePath) throws(SyscallError) {
        try check("linkat", path.string) {
            path.withPlatformString { linkat(AT_FDCWD, "/proc/self/fd/\(number)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW) }
        }
    }
}
