import Glibc
package import SystemPackage

/// A folder for work in progress: removed with all it holds when dropped, unless it was moved away.
///
/// As long as it lives it is locked, so that others can tell it from one that a killed process left behind.
package struct ScratchFolder: ~Copyable, Sendable {
    /// Absolute if the parent's path is.
    package let path: FilePath
    private let parent: Folder
    private let name: FilePath
    private let lock: FileLock
    private var isArmed = true

    /// Makes a folder with a new name inside a folder that exists.
    package init(in parent: FilePath) throws(SyscallError) {
        let folder = try Folder(opening: parent)
        var generator = SystemRandomNumberGenerator()
        while true {
            let candidate = FilePath(String(generator.next(), radix: 36))
            if let lock = try Self.make(candidate, in: folder) {
                self.path = parent.appending(candidate.components)
                self.parent = folder
                self.name = candidate
                self.lock = lock
                return
            }
        }
    }

    /// `nil` if the name is taken, or was by somebody who clears what nobody has locked yet.
    private static func make(_ name: FilePath, in parent: borrowing Folder) throws(SyscallError) -> FileLock? {
        do throws(SyscallError) {
            try parent.makeFolder(name, mode: 0o700)
            let folder = try parent.openFolder(name)
            let made = try folder.status()
            guard let lock = try FileLock.attempt(try folder.handle.duplicate(), .exclusive) else { return nil }
            guard try parent.status(of: name)?.inode == made.inode else { return nil }
            return lock
        } catch  where error.errno == .fileExists || error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Gives the folder a new name for good; the name must be free and on the same file system.
    package consuming func move(to destination: FilePath) throws(SyscallError) {
        try check("rename", destination.string) {
            path.withPlatformString { old in destination.withPlatformString { rename(old, $0) } }
        }
        isArmed = false
    }

    /// Removes it now, and says what stood in the way.
    package consuming func remove() throws(SyscallError) {
        isArmed = false
        try parent.removeTree(name)
    }

    deinit {
        if isArmed { try? parent.removeTree(name) }
    }

    /// Removes the scratch folders in `parent` that nobody owns any more; returns how many there were.
    @discardableResult
    package static func clearAbandoned(in parent: FilePath) throws(SyscallError) -> Int {
        let parent = try Folder(opening: parent)
        var count = 0
        for entry in try parent.entries() where entry.kind == .folder {
            guard let lock = try abandoned(entry.path, in: parent) else { continue }
            try withExtendedLifetime(lock) { () throws(SyscallError) in try parent.removeTree(entry.path) }
            count += 1
        }
        return count
    }

    private static func abandoned(_ name: FilePath, in parent: borrowing Folder) throws(SyscallError) -> FileLock? {
        do throws(SyscallError) {
            return try FileLock.attempt(try parent.openFolder(name).handle.duplicate(), .exclusive)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }
}
