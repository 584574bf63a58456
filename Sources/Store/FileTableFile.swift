import Glibc
import Linux
import SystemPackage

/// A file of file records in the store: read whole, appended to, rewritten when most of it no longer counts.
struct FileTableFile: Sendable {
    let root: StoreRoot
    let folder: FilePath

    private var name: FilePath { folder.appending("1") }

    /// What is recorded. A file that is not there, and a last record that is not whole, are nothing.
    func load() throws(StoreError) -> FileTable {
        try attempt("reading `\(root.host(name))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return FileTable(words: try Self.words(of: File(try root.folder.open(name))))
            } catch  where error.errno == .noSuchFileOrDirectory {
                return FileTable()
            }
        }
    }

    /// Adds records behind the others, at once with other builds. A torn end is cut off first.
    func append(_ records: ArraySlice<UInt64>) throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            try attempt("writing `\(root.host(name))`") { () throws(SyscallError) in
                let file = File(try root.folder.open(name, O_RDWR | O_CREAT | O_APPEND, mode: 0o600))
                let whole = try file.status().size / Self.recordSize * Self.recordSize
                try file.truncate(to: whole)
                try records.withUnsafeBufferPointer { records throws(SyscallError) in
                    try file.write(UnsafeRawBufferPointer(records))
                }
            }
        }
    }

    private static var recordSize: Int64 { Int64(FileRecord.wordCount * 8) }

    /// How many records do not fit the word that guards them.
    func damagedRecords() throws(StoreError) -> Int {
        try attempt("reading `\(root.host(name))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return FileTable.damagedRecords(try Self.words(of: File(try root.folder.open(name))))
            } catch  where error.errno == .noSuchFileOrDirectory {
                return 0
            }
        }
    }

    /// Leaves out the records that do not fit.
    func dropDamagedRecords() throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            let table = try load()
            try root.replace(name, with: table.newest(table.fileCount).withUnsafeBytes { Array($0) })
        }
    }

    /// Leaves out what no longer counts.
    func compact() throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            let table = try load()
            guard table.isWasteful else { return }
            let kept = table.fileCount > FileTable.limit ? FileTable.limit / 2 : table.fileCount
            try root.replace(name, with: table.newest(kept).withUnsafeBytes { Array($0) })
        }
    }

    private static func words(of file: borrowing File) throws(SyscallError) -> [UInt64] {
        let capacity = Int(try file.status().size / recordSize) * FileRecord.wordCount
        return try [UInt64](unsafeUninitializedCapacity: capacity) { buffer, count throws(SyscallError) in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var filled = 0
            while filled < bytes.count {
                let length = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
                if length == 0 { break }
                filled += length
            }
            count = filled / 8
        }
    }
}
