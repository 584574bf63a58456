package import Linux
package import SystemPackage

/// Everything that outlives a build, in one folder; ``StoreLayout`` draws it.
///
/// Any number of threads and processes use a store at once. There is no server: what is written becomes visible by a
/// rename, and who must wait for another waits for a lock of the kernel's, which dies with its owner. Opening a store
/// that is in order costs some ten system calls.
package final class Store: Sendable {
    package let blobs: ContentStore
    package let encodings: EncodingIndex
    package let snapshots: SnapshotStore
    package let cache: CacheIndex
    package let downloads: DownloadIndex
    package let files: FileDigestCache
    package let outputs: OutputRecords
    package let names: ReferenceStore
    package let mounts: MountStore
    package let containers: ContainerStore

    /// Why something that a cut-off build left is still in `tmp`. It takes space and does no harm.
    package let leftovers: [SyscallError]

    let root: StoreRoot
    /// Where snapshots lie if the store's own file system cannot hold them.
    private let memory: MemoryRoot?
    let durability: Durability
    /// Held for the store's life, so that nothing is removed from under a build.
    private let lock: FileLock

    init(
        root: StoreRoot, lock: consuming FileLock, leftovers: [SyscallError], boot: String, now: Int64,
        snapshotsInMemory: MemoryRoot? = nil
    ) {
        self.root = root
        self.leftovers = leftovers
        self.lock = lock
        durability = Durability(root: root, boot: boot, now: now)
        blobs = ContentStore(root: root, durability: durability)
        encodings = EncodingIndex(root: root, blobs: blobs)
        memory = snapshotsInMemory
        snapshots = SnapshotStore(root: memory?.root ?? root, durability: durability, now: now)
        cache = CacheIndex(root: root, now: now)
        downloads = DownloadIndex(root: root, blobs: blobs)
        files = FileDigestCache(FileTableFile(root: root, folder: StoreLayout.files), now: now)
        outputs = OutputRecords(FileTableFile(root: root, folder: StoreLayout.outputs), boot: boot)
        names = ReferenceStore(root: root, durability: durability)
        mounts = MountStore(root: root, durability: durability, now: now)
        containers = ContainerStore(root: root)
    }

    /// True if the store lies on a file system that cannot hold the folders of an overlay: they are in memory, at most
    /// half of the machine's, and gone with the process.
    package var keepsSnapshotsInMemory: Bool { memory != nil }

    /// The store's folder.
    package var path: FilePath { root.path }

    /// A new name below `tmp` on the store's own file system, for whatever a build needs to put aside: nothing is there
    /// yet, and what is put there is removed when the process ends, or by the next command.
    package func scratchPath() throws(StoreError) -> FilePath { root.host(try root.scratchName()) }

    /// Waits until everything committed so far is on the disk. Nothing may be committed meanwhile by this process.
    ///
    /// Nobody has to call this. Without it, what was committed in the last minutes before the machine went down is
    /// verified or made again.
    package func settle() throws(StoreError) { try durability.settle() }

    /// Looks through what another boot left and brings older content to the disk.
    func settleEarlier() throws(StoreError) {
        do throws(StoreError) {
            try durability.recover()
            try durability.settleIfDue()
        } catch  where error.errno == .readOnlyFileSystem {
            // A store that cannot be written to can still be looked at.
        }
    }
}
