import Glibc
package import Linux
package import OCI
import SystemPackage

/// Folders that outlive the build and belong to no image: what cache mounts hold.
///
/// An id has one folder, and more of them while somebody wants one for himself alone.
package struct MountStore: Sendable {
    let root: StoreRoot
    let durability: Durability
    let now: Int64

    /// True if an id has a folder of this number, with whatever in it.
    package func contains(_ id: Digest, number: Int) throws(StoreError) -> Bool {
        let name = MountNames(StoreLayout.mount(id, number)).files
        return try attempt("looking for `\(root.host(name))`") { () throws(SyscallError) in
            try root.folder.status(of: name) != nil
        }
    }

    /// The folder `number` of an id; `nil` if somebody has it who would have to give it up first.
    ///
    /// The kernel takes a folder back from whoever dies.
    package func claim(_ id: Digest, number: Int, _ mode: FileLock.Mode) throws(StoreError) -> MountFolder? {
        let name = StoreLayout.mount(id, number)
        let lock = try attempt("locking `\(root.host(name))`") { () throws(SyscallError) in
            try root.makeFolders(name)
            return try FileLock.attempt(try root.folder.open(name, O_RDONLY | O_DIRECTORY), mode)
        }
        guard let lock else { return nil }
        try root.noteUse(of: name, now: now)
        return MountFolder(name: name, number: number, root: root, lock: lock)
    }

    /// The duty of listing what a folder holds that was given back; `nil` if it is somebody else's, or done.
    package func listing(of id: Digest, number: Int) throws(StoreError) -> PendingListing? {
        try PendingListing.begin(StoreLayout.mount(id, number), in: root, durability)
    }
}
