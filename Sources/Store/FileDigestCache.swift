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
    private let state: Mutex<State>

    /// What is known, and how much of it is not in the file yet.
    private struct State: ~Copyable {
        var table: FileTable?
        /// How many of the table's records are in the file.
        var saved = 0

        func append(to file: FileTableFile) throws(StoreError) {
            switch table {
            case .some(let table): try file.append(table, from: saved)
            case .none: return
            }
        }
    }

    init(_ file: FileTableFile, now: Int64) {
        self.file = file
        self.now = now
        state = Mutex(State())
    }

    /// The file's digest, if it was taken before and the file is the same since.
    ///
    /// `ownCount`: how many records the caller knows to be of other files. If there are no more, nothing is looked for.
    package func digest(of status: FileStatus, besides ownCount: Int = 0) throws(StoreError) -> Digest? {
        try state.withLock { state throws(StoreError) in
            try load(&state)
            guard state.table?.recordCount ?? 0 > ownCount else { return nil }
            return try file.reading { () throws(SyscallError) in try state.table?.digest(of: status) }
        }
    }

    /// The same for who was told the number of the file's record.
    package func digest(of status: FileStatus, inRecord number: Int) throws(StoreError) -> Digest? {
        try state.withLock { state throws(StoreError) in
            try file.reading { () throws(SyscallError) in
                try state.table?.digest(of: status, inRecord: number)
            }
        }
    }

    /// Remembers a digest. `status` must have been taken before the file was read.
    ///
    /// Returns the number of its record; `nil`, and it is not remembered, if the file was changed so short a time ago that
    /// it may change again unseen.
    @discardableResult
    package func remember(_ digest: Digest, for status: FileStatus) throws(StoreError) -> Int? {
        guard max(status.modified.seconds, status.changed.seconds) < now - Self.grain else { return nil }
        let record = FileRecord(status, digest)
        return try state.withLock { state throws(StoreError) in
            try load(&state)
            return try file.reading { () throws(SyscallError) in try state.table?.insert(record) }
        }
    }

    /// Writes what is new back. Call it once the context was read.
    package func save() throws(StoreError) {
        let isWasteful = try state.withLock { state throws(StoreError) in
            let count = state.table?.recordCount ?? 0
            guard count > state.saved else { return false }
            try state.append(to: file)
            state.saved = count
            return state.table?.isWasteful ?? false
        }
        if isWasteful { try file.compact() }
    }

    private func load(_ state: inout State) throws(StoreError) {
        guard state.table == nil else { return }
        let table = try file.load()
        state.saved = table.recordCount
        state.table = consume table
    }
}
