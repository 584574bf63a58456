import Linux
import OCI
import SystemPackage

extension StoreCheck {
    /// Every file of a cache mount that is not what it was when the last step gave the mount back.
    func cacheMounts() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for mount in try cacheMountFolders() {
            let names = MountNames(mount)
            for path in [names.old, names.listing] where try isDamaged(path) {
                faults.append(StoreFault(.file, path, "it does not fit its seal"))
            }
            faults += try differences(of: mount)
        }
        return faults
    }

    /// A listing is all there when it gets its name.
    private func isDamaged(_ path: FilePath) throws(StoreError) -> Bool {
        guard let bytes = try root.read(path, limit: MountListing.limit) else { return false }
        return MountListing(parsing: bytes) == nil
    }

    /// Nobody is kept from the mount meanwhile: what was found counts only if nobody has had it by then.
    private func differences(of mount: FilePath) throws(StoreError) -> [StoreFault] {
        let path = MountNames(mount).listing
        let inode = try inode(of: path)
        guard let bytes = try root.read(path, limit: MountListing.limit), let noted = MountListing(parsing: bytes),
            let inode, try self.inode(of: path) == inode
        else { return [] }
        let found: [FilePath]
        do throws(SyscallError) { found = try differences(of: mount, from: noted) } catch {
            guard try self.inode(of: path) == inode else { return [] }
            throw .system(error, doing: "reading `\(root.host(mount))`")
        }
        guard try self.inode(of: path) == inode else { return [] }
        return found.map { inside in
            StoreFault(
                .cacheMount(mount), MountNames(mount).files.appending(inside.components),
                "it is not what was last found in this cache mount")
        }
    }

    private func differences(of mount: FilePath, from noted: MountListing) throws(SyscallError) -> [FilePath] {
        var found: [[UInt8]] = []
        var cursor = MountListing.Cursor(noted)
        let walk = MountWalk()
        let files = try root.folder.openFolder(MountNames(mount).files)
        try walk.through(files) { path, status, name, folder throws(SyscallError) in
            let entry = cursor.entry(at: path) { found.append($0.path) }
            let digest = try walk.digest(of: name, status, in: folder)
            if entry?.digest != digest { found.append(path) }
        }
        while let gone = cursor.next {
            found.append(gone.path)
            cursor.advance()
        }
        return found.map { FilePath(bytes: $0) }
    }

    private func inode(of path: FilePath) throws(StoreError) -> UInt64? {
        try attempt("looking for `\(root.host(path))`") { () throws(SyscallError) in
            try root.folder.status(of: path)?.inode
        }
    }

    /// Lists the cache mounts that are not listed and that nobody has. Returns how many mounts there was nothing to
    /// compare with.
    func listCacheMounts() throws(StoreError) -> Int {
        var count = 0
        for mount in try cacheMountFolders() {
            let names = MountNames(mount)
            guard try inode(of: names.listing) == nil, try inode(of: names.files) != nil else { continue }
            count += 1
            do throws(StoreError) {
                try PendingListing.begin(mount, in: root, store.durability)?.take { true }
            } catch  where error.errno == .readOnlyFileSystem {
                // A store that cannot be written to can still be looked at.
            }
        }
        return count
    }

    private func cacheMountFolders() throws(StoreError) -> [FilePath] {
        var found: [FilePath] = []
        for id in try names(in: StoreLayout.mounts) {
            let folder = StoreLayout.mounts.appending(id)
            for number in try names(in: folder) { found.append(folder.appending(number)) }
        }
        return found
    }
}
