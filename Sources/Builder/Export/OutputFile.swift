import Glibc
package import Linux
package import SystemPackage

/// A file on its way to a path: there under its name once it is complete, or nothing of it.
///
/// It has no name while it is written, so a killed build leaves none. Where there is a file of that name already, the
/// new one gets a hidden name for the moment before it takes the other's place; if the build is killed right then, the
/// next one that writes into the folder clears it. Devices and FIFOs are written into as they are.
package struct OutputFile: ~Copyable {
    /// What the names of unfinished outputs begin with.
    static let temporaryPrefix = ".layerbuild-"

    package let file: File
    private let target: FilePath?
    /// Set while a hidden name exists.
    private var hidden: FilePath?

    /// Prepares for writing to an absolute path. A symbolic link there stays, and what it leads to is replaced.
    package init(at path: FilePath) throws(SyscallError) {
        if Self.isStream(path) {
            self.init(streamingTo: try File(opening: path, O_WRONLY | O_NOCTTY))
            return
        }
        let target = try Self.followed(path)
        let parent = target.removingLastComponent()
        let folder = try Folder(opening: parent)
        guard try folder.status(of: Self.name(of: target))?.kind != .folder else {
            throw SyscallError("open", path, .isDirectory)
        }
        Self.clear(folder)
        let hidden = try Self.hiddenNameIfNeeded(in: parent)
        let file =
            if let hidden {
                try File(opening: hidden, O_RDWR | O_CREAT | O_EXCL, mode: 0o666)
            } else {
                try File.anonymous(in: parent, mode: 0o666)
            }
        // Held until the file is closed: it tells others that the hidden name is in use.
        _ = flock(file.number, LOCK_EX | LOCK_NB)
        self.init(file, target, hidden)
    }

    /// True if nobody else can see the file before it is complete.
    var isUnseen: Bool { target != nil && hidden == nil }

    /// True if something is there that bytes go through: a device, a FIFO, whatever `/dev/stdout` leads to.
    static func isStream(_ path: FilePath) -> Bool {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    private init(_ file: consuming File, _ target: FilePath?, _ hidden: FilePath?) {
        self.file = file
        self.target = target
        self.hidden = hidden
    }

    /// A name for the time of writing, where the file system knows no files without one; `nil` elsewhere.
    private static func hiddenNameIfNeeded(in parent: FilePath) throws(SyscallError) -> FilePath? {
        do throws(SyscallError) {
            _ = try File.anonymous(in: parent)
            return nil
        } catch  where [.notSupported, .isDirectory, .noSuchFileOrDirectory].contains(error.errno) {
            return parent.appending("\(temporaryPrefix)\(getpid())")
        }
    }

    /// Prepares for writing to a descriptor of the caller's, standard output for one.
    init(streamingTo file: consuming File) { self.init(file, nil, nil) }

    /// Gives the file its name, once the disk has the bytes if that is asked for.
    ///
    /// Returns: the finished file's status; `nil` if it went into a stream.
    package consuming func commit(_ persistence: Persistence) throws(SyscallError) -> FileStatus? {
        guard let target else { return nil }
        if persistence == .disk { try file.sync() }
        let parent = target.removingLastComponent()
        let folder = try Folder(opening: parent)
        if hidden == nil {
            do throws(SyscallError) {
                try file.link(at: target)
                if persistence == .disk { try folder.sync() }
                return try file.status()
            } catch  where error.errno == .fileExists {
                let name = parent.appending("\(Self.temporaryPrefix)\(try file.status().inode)")
                try file.link(at: name)
                hidden = name
            }
        }
        if let hidden {
            try folder.rename(Self.name(of: hidden), to: Self.name(of: target), in: folder)
        }
        hidden = nil
        if persistence == .disk { try folder.sync() }
        return try file.status()
    }

    /// Waits until the disk has a file that has its name already.
    static func sync(_ file: borrowing File, at path: FilePath) throws(SyscallError) {
        try file.sync()
        try Folder(opening: try followed(path).removingLastComponent()).sync()
    }

    deinit {
        if let hidden { _ = hidden.withPlatformString { Glibc.unlink($0) } }
    }

    /// Removes what killed builds left in a folder. What is in use is locked.
    static func clear(_ folder: borrowing Folder) {
        guard let entries = try? folder.entries() else { return }
        for entry in entries where entry.name.starts(with: temporaryPrefix.utf8) {
            guard entry.kind == .regular || entry.kind == .folder,
                let handle = try? folder.open(entry.path, O_RDONLY | O_NONBLOCK),
                flock(handle.number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? folder.removeTree(entry.path)
        }
    }

    /// The path that symbolic links at its end lead to.
    private static func followed(_ path: FilePath) throws(SyscallError) -> FilePath {
        var path = path
        for _ in 0..<40 {
            let parent = path.removingLastComponent()
            let folder = try Folder(opening: parent)
            guard try folder.status(of: name(of: path))?.kind == .symbolicLink else { return path }
            let link = FilePath(bytes: try folder.linkTarget(of: name(of: path)))
            path = link.isAbsolute ? link : parent.appending(link.components)
        }
        throw SyscallError("open", path, .tooManySymbolicLinkLevels)
    }

    private static func name(of path: FilePath) -> FilePath {
        path.lastComponent.map { FilePath(root: nil, [$0]) } ?? FilePath(".")
    }
}
