import Linux
package import OCI
package import SystemPackage

/// Unpacked layers by ChainID, each as overlayfs wants it. A cache: every one can be made again from its blob.
package struct SnapshotStore: Sendable {
    let root: StoreRoot
    let durability: Durability
    let now: Int64
    let sweeper: Sweeper

    init(root: StoreRoot, durability: Durability, now: Int64) {
        self.root = root
        self.durability = durability
        self.now = now
        sweeper = Sweeper(root: root)
    }

    /// The folder of a layer, to be read only; `nil` if it is not unpacked.
    package func snapshot(_ chain: ChainID) throws(StoreError) -> FilePath? {
        let name = StoreLayout.snapshot(chain).appending("fs")
        let status = try attempt("looking for the snapshot \(chain)") { () throws(SyscallError) in
            try root.folder.status(of: name)
        }
        guard status?.kind == .folder else { return nil }
        try root.noteUse(of: StoreLayout.layers(of: chain), now: now)
        return root.host(name)
    }

    /// The layers that a snapshot is made of, the lowest first; `nil` if that cannot be read.
    package func layers(of chain: ChainID) throws(StoreError) -> [DiffID]? {
        guard let bytes = try root.read(StoreLayout.layers(of: chain)), let noted = SnapshotLayers(parsing: bytes),
            noted.layers.chain == chain
        else { return nil }
        return noted.layers
    }

    /// An empty folder to fill.
    package func newSnapshot() throws(StoreError) -> ActiveSnapshot { try ActiveSnapshot(in: self) }

    /// A new name beside the snapshots, for what lies under or over them in a mount: nothing is there yet, and what is
    /// put there is removed when the process ends, or by the next command.
    package func scratchPath() throws(StoreError) -> FilePath { root.host(try root.scratchName()) }

    /// Takes a snapshot out. Nothing happens if it is not there.
    ///
    /// It is moved away first, so that nobody finds half of it.
    package func remove(_ chain: ChainID) throws(StoreError) {
        let away = try root.scratchName()
        try attempt("removing the snapshot \(chain)") { () throws(SyscallError) in
            do throws(SyscallError) {
                try root.folder.rename(StoreLayout.snapshot(chain), to: away, in: root.folder)
            } catch  where error.errno == .noSuchFileOrDirectory {
                return
            }
            try root.folder.removeTree(away)
        }
    }
}
