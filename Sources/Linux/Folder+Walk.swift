import Glibc
package import SystemPackage

extension Folder {
    /// The longest path that is passed to the kernel in one piece.
    private static let pathLength = 2048

    /// Tells of an entry and of everything below it, a folder before what it holds; links are not followed.
    ///
    /// Trees may be of any depth. What goes away meanwhile is left out.
    package func forEachStatus(
        from name: FilePath, _ body: (FileStatus) throws(SyscallError) -> Void
    ) throws(SyscallError) {
        guard let status = try status(of: name) else { return }
        try body(status)
        guard status.kind == .folder else { return }
        var ahead = [name]
        while let path = ahead.popLast() {
            let folder: Folder
            do throws(SyscallError) {
                folder = try openDeep(path)
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
                continue
            }
            for entry in try folder.entries() {
                guard let status = try folder.status(of: entry.path) else { continue }
                try body(status)
                if status.kind == .folder { ahead.append(path.appending(entry.path.components)) }
            }
        }
    }

    /// Opens a folder below this one whose path may be longer than the kernel takes. No name on it may be a link.
    package func openDeep(_ path: FilePath) throws(SyscallError) -> Folder {
        guard path.length > Self.pathLength, path.components.count > 1 else {
            return Folder(try openBeneath(path, O_RDONLY | O_DIRECTORY))
        }
        let half = path.components.count / 2
        let upper = try openDeep(FilePath(root: nil, path.components.prefix(half)))
        return try upper.openDeep(FilePath(root: nil, path.components.dropFirst(half)))
    }
}
