import Glibc
import Linux
import SystemPackage

/// A folder on its way to a path: there once it is complete, if the path was free or an empty folder.
///
/// Until then it has a hidden name beside its place and is locked, so that the next build knows a killed one's.
struct OutputFolder: ~Copyable {
    let folder: Folder
    private let parent: Folder
    private let name: FilePath
    private var hidden: FilePath?

    /// Prepares a new folder; where one that is not empty is in its place, that one is opened to be filled.
    init(at path: FilePath) throws(SyscallError) {
        let parentPath = path.removingLastComponent()
        let parent = try Folder(opening: parentPath.isEmpty ? "." : parentPath)
        let name = path.lastComponent.map { FilePath(root: nil, [$0]) } ?? "."
        OutputFile.clear(parent)
        let isInPlace = try Self.holdsSomething(path)
        if isInPlace || name == "." {
            self.init(try Folder(opening: path), parent, name, nil)
            return
        }
        let hidden = FilePath("\(OutputFile.temporaryPrefix)\(getpid())-folder")
        try parent.removeTree(hidden)
        try parent.makeFolder(hidden)
        let folder = try parent.openFolder(hidden)
        _ = flock(folder.number, LOCK_EX | LOCK_NB)
        self.init(folder, parent, name, hidden)
    }

    private init(_ folder: consuming Folder, _ parent: consuming Folder, _ name: FilePath, _ hidden: FilePath?) {
        self.folder = folder
        self.parent = parent
        self.name = name
        self.hidden = hidden
    }

    private static func holdsSomething(_ path: FilePath) throws(SyscallError) -> Bool {
        do throws(SyscallError) {
            return try !Folder(opening: path).entries().isEmpty
        } catch  where error.errno == .noSuchFileOrDirectory {
            return false
        }
    }

    /// Gives the folder its name, once the disk has everything if that is asked for.
    consuming func commit(_ persistence: Persistence) throws(SyscallError) {
        if persistence == .disk { try folder.syncFileSystem() }
        guard let hidden else { return }
        try parent.rename(hidden, to: name, in: parent)
        self.hidden = nil
        if persistence == .disk { try parent.sync() }
    }

    deinit {
        // What stays behind is cleared by the next build that writes here.
        if let hidden { try? parent.removeTree(hidden) }
    }
}
