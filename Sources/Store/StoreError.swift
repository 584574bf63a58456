package import Linux
package import OCI
package import SystemPackage

/// Why the store could not do what it was asked, and what to do about it.
package enum StoreError: Error, Hashable, Sendable {
    /// A system call did not work: the disk is full, read-only, or fails.
    case system(SyscallError, doing: String)
    /// A file that cannot be made again does not hold what it should.
    case damaged(FilePath, why: String)
    /// `fsck` has found what nobody has mended since.
    case knownDamage(FilePath)
    /// A newer version of the program made the store.
    case newerSchema(FilePath, found: Int64)
    /// The folder holds something that is no part of a store.
    case foreignFolder(FilePath, holds: String)
    /// Somebody else owns the folder, and could change what is in it at any time.
    case foreignOwner(FilePath, owner: UInt32)
    /// A blob that should be in the store is not.
    case missing(Digest)
    /// A blob has another size than its writer was told.
    case wrongSize(Digest, expected: Int64, found: Int64)

    /// The error number, if the kernel gave one.
    package var errno: Errno? {
        if case .system(let error, _) = self { error.errno } else { nil }
    }

    /// True if what is on the disk is not what was written there.
    package var isDamage: Bool {
        switch self {
        case .damaged, .knownDamage, .missing: true
        case .system, .newerSchema, .foreignFolder, .foreignOwner, .wrongSize: false
        }
    }

    private static let dropping = "`layerbuild fsck --repair` drops what is bad; the next build makes it again"

    /// What the reader can do.
    package var remedy: String {
        switch self {
        case .system(let error, _):
            switch error.errno {
            case .noSpace, .diskQuotaExceeded: "free some space, or choose another disk with `--root`"
            case .readOnlyFileSystem: "choose a store on a writable disk with `--root`"
            case .permissionDenied, .notPermitted: "choose a store of your own with `--root`"
            case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "raise the limit of open files (`ulimit -n`)"
            default: "look whether the disk works, or choose another with `--root`"
            }
        case .damaged(let path, _) where path.removingLastComponent().ends(with: StoreLayout.blobs): Self.dropping
        case .knownDamage: Self.dropping
        case .damaged(let path, _) where path.lastComponent?.string == StoreLayout.index.string:
            "`layerbuild fsck --repair` turns a flipped bit back; if it cannot, move `\(path)` away: "
                + "the names are lost, the rest of the store stays good"
        case .damaged(let path, _): "move `\(path)` away: what it alone held is lost, the rest of the store stays good"
        case .newerSchema: "use the newer version, or another store with `--root`"
        case .foreignFolder: "name an empty or a new folder with `--root`"
        case .foreignOwner(let path, _): "make it yours with `chown`, or remove `\(path)`"
        case .missing(let digest): "import or build what holds \(digest) again"
        case .wrongSize: "build again"
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let error, let action): "\(action): \(error)"
        case .damaged(let path, let why): "`\(path)` is damaged: \(why)"
        case .knownDamage(let path): "`fsck` found damage in the store `\(path)`, and nobody has mended it"
        case .newerSchema(let path, let found):
            "the store `\(path)` has schema \(found); this version knows \(StoreLayout.schema)"
        case .foreignFolder(let path, let name): "`\(path)` is no store: it holds `\(name)`"
        case .foreignOwner(let path, let owner): "the store `\(path)` belongs to user \(owner)"
        case .missing(let digest): "the blob \(digest) is not in the store"
        case .wrongSize(let digest, let expected, let found):
            "the blob \(digest) should have \(expected) bytes and has \(found)"
        }
    }
}

/// Runs system calls and says for what.
func attempt<Result: ~Copyable>(
    _ action: @autoclosure () -> String, _ body: () throws(SyscallError) -> Result
) throws(StoreError) -> Result {
    do throws(SyscallError) { return try body() } catch { throw .system(error, doing: action()) }
}
