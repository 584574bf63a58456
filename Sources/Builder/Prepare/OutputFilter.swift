import Linux
import OCI
import Store
import Synchronization
import SystemPackage

/// Knows the files that this or an earlier build wrote as outputs: they are never part of a context.
final class OutputFilter: Sendable {
    private let paths: Set<FilePath>
    /// The last names of the paths: hardly any file of a context has one of them.
    private let names: [[UInt8]]
    private let records: OutputRecords
    private let events: EventSink
    private let isSaid = Mutex(false)

    /// `paths`: where this build writes.
    init(_ paths: Set<FilePath>, records: OutputRecords, events: @escaping EventSink) {
        self.paths = paths
        names = paths.compactMap { $0.lastComponent.map { FilePath(root: nil, [$0]).bytes } }
        self.records = records
        self.events = events
    }

    /// `place`: where in the folder the file lies.
    func isOutput(_ place: TreePath, below folder: FilePath, _ status: FileStatus) throws(BuildError) -> Bool {
        let isWritten = try fromStore { () throws(StoreError) in try records.contents(of: status) } != nil
        guard isWritten || names.contains(where: { place.lastComponent.elementsEqual($0) }) else { return false }
        let path = folder.appending(FilePath(bytes: place.bytes).components)
        guard isWritten || paths.contains(path) else { return false }
        let isFirst = isSaid.withLock { said in
            defer { said = true }
            return !said
        }
        if isFirst { events(.note("\(path) was written by a build, so it is no part of the context")) }
        return true
    }
}
