import Glibc
import Linux
import SystemPackage

/// A file of file records in the store: read, appended to, rewritten when most of it no longer counts.
struct FileTableFile: Sendable {
    let root: StoreRoot
    let folder: FilePath

    private var name: FilePath { folder.appending("1") }

    /// What is recorded. A file that is not there, and a last record that is not whole, are nothing.
    func load() throws(StoreError) -> FileTable {
        try reading { () throws(SyscallError) in try FileTable(try records()) }
    }

    /// Runs a call that reads records.
    func reading<Result: ~Copyable>(_ body: () throws(SyscallError) -> Result) throws(StoreError) -> Result {
        try attempt("reading `\(root.host(name))`", body)
    }

    private func records() throws(SyscallError) -> FileRecords {
        do throws(SyscallError) {
            return try FileRecords(File(try root.folder.open(name)), keepingIn: root.path)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return FileRecords(keepingIn: root.path)
        }
    }

    /// Adds records behind the others, at once with other builds. A torn end is cut off first.
    func append(_ records: ArraySlice<UInt64>) throws(StoreError) {
        try append { file throws(SyscallError) in try Self.write(records, to: file) }
    }

    /// The same with all records of a table from one on.
    func append(_ table: borrowing FileTable, from first: Int) throws(StoreError) {
        try append { file throws(SyscallError) in
            try table.forEachPortion(from: first) { words throws(SyscallError) in try Self.write(words[...], to: file) }
        }
    }

    private func append(_ write: (borrowing File) throws(SyscallError) -> Void) throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            try attempt("writing `\(root.host(name))`") { () throws(SyscallError) in
                let file = File(try root.folder.open(name, O_RDWR | O_CREAT | O_APPEND, mode: 0o600))
                let size = Int64(FileRecord.size)
                try file.truncate(to: try file.status().size / size * size)
                try write(file)
            }
        }
    }

    private static func write(_ words: ArraySlice<UInt64>, to file: borrowing File) throws(SyscallError) {
        try words.withUnsafeBufferPointer { words throws(SyscallError) in try file.write(UnsafeRawBufferPointer(words))
        }
    }

    /// How many records do not fit the word that guards them.
    func damagedRecords() throws(StoreError) -> Int {
        try reading { () throws(SyscallError) in
            var count = 0
            try records().forEachPortion { words in
                for start in stride(from: 0, to: words.count, by: FileRecord.wordCount)
                where !FileRecord.isWhole(words, at: start) { count += 1 }
            }
            return count
        }
    }

    /// Leaves out the records that do not fit.
    func dropDamagedRecords() throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            var table = try load()
            try replace(with: &table, newest: table.fileCount)
        }
    }

    /// Leaves out what no longer counts.
    func compact() throws(StoreError) {
        try root.withLock(on: folder) { () throws(StoreError) in
            var table = try load()
            guard table.isWasteful else { return }
            try replace(
                with: &table, newest: table.fileCount > FileTable.limit ? FileTable.limit / 2 : table.fileCount)
        }
    }

    private func replace(with table: inout FileTable, newest count: Int) throws(StoreError) {
        try root.replace(name) { file throws(SyscallError) in
            try table.forEachNewest(count) { words throws(SyscallError) in try Self.write(words[...], to: file) }
        }
    }
}
