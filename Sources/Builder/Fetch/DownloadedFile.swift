import Frontend
import Linux
import OCI
import Store

/// A file from the web as a source of ADD: root's, readable for nobody else, as old as its server says.
struct DownloadedFile: SourceTree {
    let file: SourceEntry
    private let digest: Digest
    private let store: Store

    init(named name: [UInt8], _ download: DownloadRecord, in store: Store) throws(BuildError) {
        digest = download.digest
        self.store = store
        let blob = try fromStore { () throws(StoreError) in try store.blobs.open(download.digest) }
        let status: FileStatus
        do throws(SyscallError) { status = try blob.status() } catch {
            throw BuildError(error, doing: "reading what was fetched")
        }
        file = SourceEntry(
            path: TreePath.root.appending(name),
            status: status.showing(mode: 0o600, modified: FileStatus.Time(seconds: download.modified ?? 0)), owner: 0,
            group: 0, isIncluded: true)
    }

    func entry(at path: TreePath) -> SourceEntry? { path == file.path ? file : nil }
    func children(of folder: SourceEntry) -> [SourceEntry] { [] }
    func linkTarget(of entry: SourceEntry) -> [UInt8] { [] }
    func attributes(of entry: SourceEntry) -> [ExtendedAttribute] { [] }

    func open(_ entry: SourceEntry) throws(BuildError) -> File {
        try fromStore { () throws(StoreError) in try store.blobs.open(digest) }
    }

    func knownDigest(of entry: SourceEntry) -> Digest? { digest }
    func note(_ digest: Digest, of entry: SourceEntry) {}
}
