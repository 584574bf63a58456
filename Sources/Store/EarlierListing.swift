import Linux
import OCI
import SystemPackage

/// What a cache mount held before steps had it: of files that none of them has changed the digests are known.
///
/// A bit that has flipped in such a file since is so not taken for its contents.
struct EarlierListing {
    /// The coarsest grain of times in use, FAT's.
    private static let grain: Int64 = 2

    private var cursor: MountListing.Cursor
    /// Files that were changed since may have been changed by a step without their times showing that.
    private let end: Int64

    /// `nil` if there is none, or if the file system does not show in a file's times that it was changed.
    init?(of mount: FilePath, in root: StoreRoot) throws(StoreError) {
        let names = MountNames(mount)
        let status = try attempt("reading `\(root.host(names.old))`") { () throws(SyscallError) -> FileStatus? in
            guard try root.folder.openFolder(names.files).showsEveryChange() else { return nil }
            return try root.folder.status(of: names.old)
        }
        guard let status, let bytes = try root.read(names.old, limit: MountListing.limit),
            let listing = MountListing(parsing: bytes)
        else { return nil }
        cursor = MountListing.Cursor(listing)
        // It got this name when the first step was about to have the mount.
        end = status.changed.seconds - Self.grain
    }

    /// The digest of an entry that is as it was; `nil` if nothing says so. To be asked in the order of a ``MountWalk``.
    mutating func digest(of path: [UInt8], _ status: FileStatus, _ state: UInt64) -> Digest? {
        guard let entry = cursor.entry(at: path), entry.state == state, status.changed.seconds < end else { return nil }
        return entry.digest
    }
}
