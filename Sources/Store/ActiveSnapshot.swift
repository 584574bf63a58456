import Glibc
import Linux
package import OCI
package import SystemPackage

/// A folder that is being filled: it becomes a snapshot, or is removed when dropped.
///
///     tmp/<process>/<n>/snapshot/fs   the upper folder
///     tmp/<process>/<n>/work          overlayfs' own
package struct ActiveSnapshot: ~Copyable, Sendable {
    /// The folder to fill: the upper folder of an overlay, or the target of unpacking.
    package let upper: FilePath
    /// An empty folder beside it on the same file system, as overlayfs demands.
    package let work: FilePath
    private let store: SnapshotStore
    private let name: FilePath
    private var isCommitted = false

    init(in store: SnapshotStore) throws(StoreError) {
        let name = try store.root.scratchName()
        let (snapshot, work) = (name.appending("snapshot"), name.appending("work"))
        try attempt("making a snapshot") { () throws(SyscallError) in
            let root = store.root
            try root.makeFolders(snapshot)
            try root.folder.makeFolder(snapshot.appending("fs"), mode: 0o755)
            try root.folder.setMode(of: snapshot.appending("fs"), 0o755)
            try root.folder.makeFolder(work, mode: 0o700)
        }
        self.store = store
        self.name = name
        upper = store.root.host(snapshot.appending("fs"))
        self.work = store.root.host(work)
    }

    /// Gives the folder its final name and returns its path. If another build was first, theirs is kept.
    ///
    /// `layer` is what the folder holds, and `below` what it lies over, the lowest first. They are noted beside it:
    /// only from them can anybody tell later whether the folder is still what it was. Who knows the chain of those layers
    /// saves us working it out.
    package consuming func commit(
        _ layer: DiffID, over below: [DiffID], chain: ChainID? = nil
    ) throws(StoreError) -> FilePath {
        let layers = SnapshotLayers(below + [layer])
        let final = StoreLayout.snapshot(ChainID(layer, over: chain ?? below.chain))
        let note = name.appending("snapshot/layers.json")
        try attempt("making a snapshot") { () throws(SyscallError) in
            try store.root.folder.createFile(note, mode: 0o600).write(layers.serialised())
        }
        try store.durability.expectWrites()
        do throws(StoreError) {
            try store.root.publish(name.appending("snapshot"), as: final)
        } catch  where error.errno == .fileExists || error.errno == .directoryNotEmpty {
            // Two builds made the same layer; the folders are equal.
        }
        isCommitted = true
        return store.root.host(final.appending("fs"))
    }

    deinit {
        // Of a committed one nothing is left but what overlayfs worked with.
        if isCommitted { return store.sweeper.remove(name) }
        // What stays behind lies in the scratch folder, which the next command clears.
        try? store.root.folder.removeTree(name)
    }
}
