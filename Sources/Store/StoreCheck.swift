import Linux
package import OCI
import SystemPackage

/// Looks whether what is in the store is what was written there.
///
/// Blobs and snapshots are left to the caller, who has threads and knows layers: ``blobs()``, ``check(_:)``.
package struct StoreCheck: Sendable {
    let store: Store
    var root: StoreRoot { store.root }

    package init(_ store: Store) { self.store = store }

    /// The names of all blobs.
    package func blobs() throws(StoreError) -> [Digest] {
        try names(in: StoreLayout.blobs).compactMap { Digest(hex: $0) }
    }

    /// Reads a blob whole; `nil` if it is what its name says.
    package func check(_ blob: Digest) throws(StoreError) -> StoreFault? {
        try store.blobs.verify(blob)
            ? nil : StoreFault(.file, StoreLayout.blob(blob), "its contents are not those of \(blob)")
    }

    /// The unpacked layers, those that were made first before those over them.
    package func snapshots() throws(StoreError) -> [(chain: ChainID, layers: [DiffID])] {
        var found: [(chain: ChainID, layers: [DiffID])] = []
        for chain in try names(in: StoreLayout.snapshots).compactMap({ Digest(hex: $0) }).map(ChainID.init) {
            if let layers = try store.snapshots.layers(of: chain) { found.append((chain, layers)) }
        }
        return found.sorted { $0.layers.count < $1.layers.count }
    }

    /// The names of all kept containers.
    package func containerNames() throws(StoreError) -> [String] { try names(in: StoreLayout.containers) }

    /// What nobody can judge, with so many containers and snapshots. A cache mount that counts here and that nobody has is
    /// listed, so that the next check can judge it: the build that had it last was killed.
    package func unverifiable(containers: Int, snapshots: Int) throws(StoreError) -> Unverifiable {
        Unverifiable(cacheMounts: try listCacheMounts(), containers: containers, snapshots: snapshots)
    }

    /// A fault of a snapshot, of which the caller knows the reason.
    package func fault(of snapshot: ChainID, _ why: String) -> StoreFault {
        StoreFault(.folder, StoreLayout.snapshot(snapshot), why)
    }

    /// A fault of a snapshot that there is nothing to compare with, or that lies over one at fault.
    package func incomparable(_ snapshot: ChainID, _ why: String) -> StoreFault {
        StoreFault(.incomparable, StoreLayout.snapshot(snapshot), why)
    }

    /// A fault of a kept container, of which the caller knows the reason.
    package func fault(ofContainer name: String, _ why: String) -> StoreFault {
        StoreFault(.container, StoreLayout.container(name), why)
    }

    /// The faults of everything but blobs' and snapshots' contents.
    ///
    /// `damaged` are the blobs that are known not to be what they should.
    package func faults(damaged: Set<Digest>) throws(StoreError) -> [StoreFault] {
        try layout() + strangers() + records() + keys() + slots() + notes() + tables() + journal() + containers()
            + index() + images(damaged: damaged) + cacheMounts() + mended()
    }

    /// Notes what is bad, so that nothing is built of it until it is mended; takes the note away if nothing is.
    package func note(_ faults: [StoreFault]) throws(StoreError) { try DamageNote(root: root).renew(faults) }

    // MARK: Folders of ours

    func names(in folder: FilePath) throws(StoreError) -> [String] {
        try attempt("reading `\(root.host(folder))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try root.folder.openFolder(folder).entries().map { String(decoding: $0.name, as: UTF8.self) }
            } catch  where error.errno == .noSuchFileOrDirectory {
                return []
            }
        }
    }

    private func mended() -> [StoreFault] {
        root.mendedFiles.map { StoreFault(.mended, $0, "a bit of it had flipped; it was written again") }
    }

    private func layout() throws(StoreError) -> [StoreFault] {
        let bytes = try root.read(StoreLayout.layoutFile) ?? []
        let version = (try? JSONValue.parse(bytes))?.object?["imageLayoutVersion"]?.string
        guard version != "1.0.0" else { return [] }
        return [StoreFault(.layout, StoreLayout.layoutFile, "it does not say that this is an OCI layout")]
    }

    /// Files whose names can be nobody's of ours.
    private func strangers() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for folder in [StoreLayout.blobs, StoreLayout.parts, StoreLayout.slots, StoreLayout.snapshots] {
            for name in try names(in: folder) where Digest(hex: name) == nil {
                faults.append(StoreFault(.file, folder.appending(name), "its name is no digest"))
            }
        }
        return faults
    }

    private func records() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for name in try names(in: StoreLayout.keys) {
            let path = StoreLayout.keys.appending(name)
            let record = try root.read(path).flatMap(SealedJSON.open).flatMap(CacheRecord.init(json:))
            if record == nil { faults.append(StoreFault(.file, path, "it does not fit its seal")) }
        }
        for name in try names(in: StoreLayout.encodings) {
            let path = StoreLayout.encodings.appending(name)
            let values = try root.read(path).flatMap(SealedJSON.open)?["encodings"]?.array
            if values == nil { faults.append(StoreFault(.file, path, "it does not fit its seal")) }
        }
        for name in try names(in: StoreLayout.downloads) {
            let path = StoreLayout.downloads.appending(name)
            let record = try root.read(path).flatMap(SealedJSON.open).flatMap(DownloadRecord.init(json:))
            if record == nil { faults.append(StoreFault(.file, path, "it does not fit its seal")) }
        }
        return faults
    }

    private func keys() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for name in try names(in: StoreLayout.parts) {
            guard let digest = Digest(hex: name), try root.size(of: StoreLayout.parts(digest)) != nil,
                try CacheIndex(root: root, now: 0).key(named: digest) == nil
            else { continue }
            faults.append(StoreFault(.file, StoreLayout.parts(digest), "its contents are not those of \(digest)"))
        }
        return faults
    }

    private func slots() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for name in try names(in: StoreLayout.slots) {
            let path = StoreLayout.slots.appending(name)
            guard let text = try root.read(path) else { continue }
            let key = Digest(hex: String(decoding: text, as: UTF8.self))
            // Another machine's record comes without parts.
            if let key {
                let parts = try root.size(of: StoreLayout.parts(key))
                let record = try root.size(of: StoreLayout.record(key))
                if parts != nil || record != nil { continue }
            }
            faults.append(StoreFault(.file, path, "it leads to no key"))
        }
        return faults
    }

    /// What lies beside the snapshots.
    private func notes() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for chain in try names(in: StoreLayout.snapshots).compactMap({ Digest(hex: $0) }).map(ChainID.init)
        where try store.snapshots.layers(of: chain) == nil {
            faults.append(fault(of: chain, "nothing says which layers it was made from"))
        }
        return faults
    }
}
