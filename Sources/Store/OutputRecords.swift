package import Linux
package import OCI
import Synchronization

/// The files that builds wrote as outputs: they are never part of a context, and one that is still there is not written
/// again.
package final class OutputRecords: Sendable {
    private let file: FileTableFile
    private let table = Mutex<FileTable?>(nil)

    init(_ file: FileTableFile) { self.file = file }

    /// What was written into the file, if it is an output and unchanged since.
    package func contents(of status: FileStatus) throws(StoreError) -> Digest? {
        try table.withLock { table throws(StoreError) in
            if table == nil { table = try file.load() }
            return table?.digest(of: status)
        }
    }

    /// Remembers an output. `status` is the finished file's, taken after it got its final name.
    package func remember(_ contents: Digest, for status: FileStatus) throws(StoreError) {
        let record = FileRecord(status, contents)
        try table.withLock { table throws(StoreError) in
            if table == nil { table = try file.load() }
            table?.insert(record)
            try file.append(record.words[...])
            if table?.isWasteful ?? false { try file.compact() }
        }
    }
}
