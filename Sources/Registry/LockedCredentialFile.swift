import Glibc
import Linux
import SystemPackage

/// A file of credentials that nobody else of us changes meanwhile, so that of two changes none is lost.
///
/// It is the file itself that is locked and not its folder: that may be one in which anybody can hold a lock for ever.
struct LockedCredentialFile: ~Copyable {
    /// False for a device and the like: a file in its place would take it away from everybody else.
    let isReplaceable: Bool
    private let folder: Folder
    private let name: FilePath
    private let lock: FileLock

    /// Waits until the file can be changed. One that is not there is made, and folders on the way to it.
    ///
    /// A link stays one: what it leads to is changed.
    init(at path: FilePath) throws(SyscallError) {
        let place = try Self.place(of: path)
        guard let last = place.lastComponent else { throw SyscallError("open", path, .isDirectory) }
        let name = FilePath(root: nil, [last])
        let above = place.removingLastComponent()
        try Self.makeFolders(above)
        let folder = try Folder(opening: above.isEmpty ? "." : above)
        let lock = try Self.lock(name, in: folder)
        isReplaceable = try lock.status().kind == .regular
        self.name = name
        self.folder = folder
        self.lock = lock
    }

    /// Puts other bytes in its place: complete or not at all.
    ///
    /// What the owner has settled about who may read the file stays so, unless that is everybody.
    func replace(with bytes: [UInt8]) throws(SyscallError) {
        let old = try folder.status(of: name)
        let temporary = FilePath(".\(name.string).new")
        try? folder.unlink(temporary)
        let file = File(try folder.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600))
        if let old {
            if geteuid() == 0 { try file.setOwner(old.owner, group: old.group) }
            if old.mode & 0o007 == 0 { try file.setMode(old.mode & 0o770) }
        }
        try file.write(bytes)
        try file.sync()
        try folder.rename(temporary, to: name, in: folder)
    }

    /// The lock of the file that has the name once the lock is had: the one before may have been replaced meanwhile.
    private static func lock(_ name: FilePath, in folder: borrowing Folder) throws(SyscallError) -> FileLock {
        while true {
            let lock = try FileLock(try folder.open(name, O_RDWR | O_CREAT), .exclusive)
            let locked = try lock.status()
            if let named = try folder.status(of: name), named.device == locked.device, named.inode == locked.inode {
                return lock
            }
        }
    }

    /// Makes what is missing of a folder's path, for its owner alone. Somebody else may do so at the same time.
    private static func makeFolders(_ path: FilePath) throws(SyscallError) {
        guard let name = path.lastComponent, access(path.string, F_OK) != 0 else { return }
        let above = path.removingLastComponent()
        try makeFolders(above)
        do throws(SyscallError) {
            try Folder(opening: above.isEmpty ? "." : above).makeFolder(FilePath(root: nil, [name]), mode: 0o700)
        } catch  where error.errno == .fileExists {}
    }

    /// Where a path leads once its last component is no link any more.
    private static func place(of path: FilePath) throws(SyscallError) -> FilePath {
        var place = path
        for _ in 0..<40 {
            let above = place.removingLastComponent()
            let folderPath: FilePath = above.isEmpty ? "." : above
            guard let name = place.lastComponent, access(folderPath.string, F_OK) == 0 else { return place }
            let folder = try Folder(opening: folderPath)
            let entry = FilePath(root: nil, [name])
            guard try folder.status(of: entry)?.kind == .symbolicLink else { return place }
            place = above.pushing(FilePath(bytes: try folder.linkTarget(of: entry)))
        }
        throw SyscallError("readlink", path, .tooManySymbolicLinkLevels)
    }
}
