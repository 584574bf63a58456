import Glibc
import Linux
import OCI
import SystemPackage

extension Durability {
    /// Looks through what other boots left unsettled: blobs that do not hold what their names say and snapshots, which
    /// nobody can verify, are taken out. Commands of this boot that come meanwhile wait.
    ///
    /// Returns how many blobs were damaged.
    @discardableResult
    func recover() throws(StoreError) -> Int {
        guard try !foreignMarkers().isEmpty else { return 0 }
        return try root.withLock(on: StoreLayout.journal) { () throws(StoreError) in
            var since: Int64?
            var abandoned: [FilePath] = []
            for name in try foreignMarkers() where try isAbandoned(name) {
                try noteDamage(of: name)
                since = min(since ?? .max, try read(name) ?? .max)
                abandoned.append(name)
            }
            guard let since else { return 0 }
            let damaged = try dropDamagedBlobs(since: since)
            try dropSnapshots(since: since)
            try dropTornListings()
            try attempt("mending the store") { () throws(SyscallError) in
                for folder in [StoreLayout.blobs, StoreLayout.snapshots] { try root.folder.openFolder(folder).sync() }
                for name in abandoned { try root.folder.unlink(name) }
            }
            return damaged
        }
    }

    private func foreignMarkers() throws(StoreError) -> [FilePath] {
        try entries(of: StoreLayout.journal).filter { $0 != marker }
    }

    /// False while its owner lives: a store on a network is also used by another machine, which has another boot.
    private func isAbandoned(_ name: FilePath) throws(StoreError) -> Bool {
        try attempt("reading `\(root.host(name))`") { () throws(SyscallError) in
            let lock = try FileLock.attempt(try root.folder.open(name), .exclusive)
            return lock != nil
        }
    }

    private func dropDamagedBlobs(since: Int64) throws(StoreError) -> Int {
        let blobs = ContentStore(root: root, durability: self)
        var damaged = 0
        for name in try changed(in: StoreLayout.blobs, since: since) {
            if let digest = name.lastComponent.flatMap({ Digest(hex: $0.string) }), try blobs.verify(digest) {
                continue
            }
            damaged += 1
            try attempt("mending the store") { () throws(SyscallError) in try root.folder.removeTree(name) }
        }
        return damaged
    }

    private func dropSnapshots(since: Int64) throws(StoreError) {
        for name in try changed(in: StoreLayout.snapshots, since: since) {
            let away = try root.scratchName()
            try attempt("mending the store") { () throws(SyscallError) in
                try root.folder.rename(name, to: away, in: root.folder)
                try root.folder.removeTree(away)
            }
        }
    }

    /// A listing of a cache mount that never reached the disk says nothing of the mount.
    private func dropTornListings() throws(StoreError) {
        for mount in try entries(of: StoreLayout.mounts) {
            for folder in try entries(of: mount) {
                for name in [MountNames(folder).listing, MountNames(folder).old] {
                    guard let bytes = try root.read(name, limit: MountListing.limit),
                        MountListing(parsing: bytes) == nil
                    else { continue }
                    try attempt("mending the store") { () throws(SyscallError) in try root.folder.removeTree(name) }
                }
            }
        }
    }

    private func changed(in folder: FilePath, since: Int64) throws(StoreError) -> [FilePath] {
        let names = try entries(of: folder)
        return try attempt("reading `\(root.host(folder))`") { () throws(SyscallError) in
            var changed: [FilePath] = []
            for name in names {
                if let status = try root.folder.status(of: name), status.changed.seconds >= since {
                    changed.append(name)
                }
            }
            return changed
        }
    }

    private func entries(of folder: FilePath) throws(StoreError) -> [FilePath] {
        try attempt("reading `\(root.host(folder))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try root.folder.openFolder(folder).entries().map { folder.appending($0.path.components) }
            } catch  where error.errno == .noSuchFileOrDirectory {
                return []
            }
        }
    }
}
