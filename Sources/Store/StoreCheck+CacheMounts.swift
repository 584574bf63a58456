import Glibc
import Linux
import SystemPackage

extension StoreCheck {
    /// Every file of a cache mount that is not what it was when an earlier check listed it and no step has had it since.
    func cacheMounts() throws(StoreError) -> [StoreFault] {
        var faults: [StoreFault] = []
        for mount in try cacheMountFolders() {
            guard let lock = try idle(mount) else { continue }
            let path = mount.appending(StoreLayout.listingName)
            if let bytes = try root.read(path, limit: 1 << 30) {
                faults += try differences(of: mount, from: bytes, at: path)
            }
            _ = consume lock
        }
        return faults
    }

    private func differences(
        of mount: FilePath, from bytes: [UInt8], at path: FilePath
    ) throws(StoreError) -> [StoreFault] {
        guard let noted = MountListing(parsing: bytes) else {
            return [StoreFault(.file, path, "it does not fit its seal")]
        }
        guard let now = try listing(of: mount) else { return [] }
        return noted.differences(from: now).map { inside in
            StoreFault(
                .cacheMount(mount), mount.appending("fs").appending(inside.components),
                "it is not what was last found in this cache mount")
        }
    }

    /// Lists the cache mounts that nobody has and that are not listed. Returns how many mounts there was nothing to
    /// compare with.
    func listCacheMounts() throws(StoreError) -> Int {
        var count = 0
        for mount in try cacheMountFolders() {
            guard let lock = try idle(mount) else {
                count += 1
                continue
            }
            if try root.size(of: mount.appending(StoreLayout.listingName)) == nil, try list(mount) { count += 1 }
            _ = consume lock
        }
        return count
    }

    /// False if there is nothing to list. The folder keeps its time, which says when it was last used.
    private func list(_ mount: FilePath) throws(StoreError) -> Bool {
        guard let listing = try listing(of: mount) else { return false }
        do throws(StoreError) {
            let used = try attempt("looking at `\(root.host(mount))`") { () throws(SyscallError) in
                try root.folder.status(of: mount)?.modified
            }
            try root.replace(mount.appending(StoreLayout.listingName), with: listing.serialised())
            guard let used else { return true }
            try attempt("writing `\(root.host(mount))`") { () throws(SyscallError) in
                try root.folder.setModified(of: mount, used)
            }
        } catch  where error.errno == .readOnlyFileSystem {
            // A store that cannot be written to can still be looked at.
        }
        return true
    }

    private func listing(of mount: FilePath) throws(StoreError) -> MountListing? {
        let files = mount.appending("fs")
        return try attempt("reading `\(root.host(files))`") { () throws(SyscallError) in
            guard try root.folder.status(of: files) != nil else { return nil }
            return try MountListing.of(root.folder.openFolder(files))
        }
    }

    private func cacheMountFolders() throws(StoreError) -> [FilePath] {
        var found: [FilePath] = []
        for id in try names(in: StoreLayout.mounts) {
            let folder = StoreLayout.mounts.appending(id)
            for number in try names(in: folder) { found.append(folder.appending(number)) }
        }
        return found
    }

    /// The mount for ourselves, so that no step begins to write meanwhile; `nil` while a step has it.
    private func idle(_ mount: FilePath) throws(StoreError) -> FileLock? {
        try attempt("locking `\(root.host(mount))`") { () throws(SyscallError) in
            try FileLock.attempt(try root.folder.open(mount, O_RDONLY | O_DIRECTORY), .exclusive)
        }
    }
}
