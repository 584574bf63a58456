package import Linux
package import OCI
import Synchronization

/// Digests of files by what `stat` says of them, so that unchanged files are not read again.
///
/// A file that was changed within two seconds before `now` may be changed again without its times showing it, because
/// times have a grain; its digest is not remembered. (git knows the same problem as "racy".) `now` is when the build
/// began, so a file that changes while the build runs is not remembered either.
///
/// Loaded at the first question; safe to ask from many threads.
package final class FileDigestCache: Sendable {
    /// The coarsest grain of times in use, FAT's.
    static let grain: Int64 = 2

    private let file: FileTableFile
    private let now: Int64
    private let state = Mutex(State())

    /// What is known, and how much of it is not in the file yet.
    private struct State {
        var table: FileTable?
        /// How many of the table's records are in the file.
        var saved = 0
    }

    init(_ file: FileTableFile, now: Int64) {
        self.file = file
        self.now = now
    }

    /// The file's digest, if it was taken before and the file is the same since.
    package func digest(of status: FileStatus) throws(StoreError) -> Digest? {
        try state.withLock { state throws(StoreError) in try loaded(&state).digest(of: status) }
    }

    /// Remembers a digest. `status` must have been taken before the file was read.
    ///
    /// Returns false, and does not, if the file was changed so short a time ago that it may change again unseen.
    @discardableResult
    package func remember(_ digest: Digest, for status: FileStatus) throws(StoreError) -> Bool {
        guard max(status.modified.seconds, status.changed.seconds) < now - Self.grain else { return false }
        let record = FileRecord(status, digest)
        try state.withLock { state throws(StoreError) in
            var table = try loaded(&state)
            state.table = nil
            table.insert(record)
            state.table = table
        }
        return true
    }

    /// Writes what is new back. Call it once the context was read.
    package func save() throws(StoreError) {
        let (added, isWasteful) = state.withLock { state -> (ArraySlice<UInt64>, Bool) in
            guard let table = state.table, table.recordCount > state.saved else { return ([], false) }
            defer { state.saved = table.recordCount }
            return (table.words(from: state.saved), table.isWasteful)
        }
        guard !added.isEmpty else { return }
        try file.append(added)
        if isWasteful { try file.compact() }
    }

    private func loaded(_ state: inout State) throws(StoreError) -> FileTable {
        if let table = state.table { return table }
        let table = try file.load()
        state.table = table
        state.saved = table.recordCount
        return table
    }
}
