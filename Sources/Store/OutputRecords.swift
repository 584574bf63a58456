package import Linux
package import OCI
import Synchronization

/// The files that builds wrote as outputs: they are never part of a context, and one that is still there is not written
/// again.
package final class OutputRecords: Sendable {
    private let file: FileTableFile
    /// Tells one run of the machine from another.
    private let boot: String
    private let table: Mutex<FileTable?>

    init(_ file: FileTableFile, boot: String) {
        self.file = file
        self.boot = boot
        table = Mutex(nil)
    }

    /// What stands for what was written into the file, if it is an output and unchanged since.
    package func contents(of status: FileStatus) throws(StoreError) -> Digest? {
        try table.withLock { table throws(StoreError) in
            if table == nil { table = try file.load() }
            return try file.reading { () throws(SyscallError) in try table?.digest(of: status) }
        }
    }

    /// Who has the bytes of a file that holds these contents and is unchanged since; `nil` if it is none that does.
    ///
    /// What only the kernel had is taken for nothing once the machine has been started again.
    package func persistence(of status: FileStatus, holding contents: Digest) throws(StoreError) -> Persistence? {
        switch try self.contents(of: status) {
        case contents: .disk
        case inMemory(contents): .kernel
        default: nil
        }
    }

    /// Remembers an output. `status` is the finished file's, taken after it got its final name.
    package func remember(
        _ contents: Digest, for status: FileStatus, on persistence: Persistence
    ) throws(StoreError) {
        let record =
            switch persistence {
            case .disk: FileRecord(status, contents)
            case .kernel: FileRecord(status, inMemory(contents))
            }
        try table.withLock { table throws(StoreError) in
            if table == nil { table = try file.load() }
            try file.reading { () throws(SyscallError) in _ = try table?.insert(record) }
            try file.append(record.words[...])
            if table?.isWasteful ?? false { try file.compact() }
        }
    }

    /// What stands for contents that a power cut may take away.
    private func inMemory(_ contents: Digest) -> Digest {
        var hasher = DigestHasher()
        hasher.updateFramed(contents.bytes)
        hasher.updateFramed(Array(boot.utf8))
        return hasher.finish()
    }
}
