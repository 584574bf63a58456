import Linux
import Store
import Synchronization
import SystemPackage

/// Knows the files that this or an earlier build wrote as outputs: they are never part of a context.
final class OutputFilter: Sendable {
    private let paths: Set<FilePath>
    private let records: OutputRecords
    private let events: EventSink
    private let isSaid = Mutex(false)

    /// `paths`: where this build writes.
    init(_ paths: Set<FilePath>, records: OutputRecords, events: @escaping EventSink) {
        self.paths = paths
        self.records = records
        self.events = events
    }

    func isOutput(_ path: FilePath, _ status: FileStatus) throws(BuildError) -> Bool {
        let isWritten = try fromStore { () throws(StoreError) in try records.contents(of: status) } != nil
        guard isWritten || paths.contains(path) else { return false }
        let isFirst = isSaid.withLock { said in
            defer { said = true }
            return !said
        }
        if isFirst { events(.note("\(path) was written by a build, so it is no part of the context")) }
        return true
    }
}
