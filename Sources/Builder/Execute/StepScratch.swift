import Linux
import Store
import SystemPackage

/// A folder for what only one step needs: upper folders that are thrown away, copies of files. Made when first asked
/// for, and gone with the last reference.
final class StepScratch {
    private let store: Store
    private var path: FilePath?
    private var count = 0

    init(_ store: Store) { self.store = store }

    /// A name in the folder that nobody has.
    func newPath() throws(BuildError) -> FilePath {
        count += 1
        return try folder().appending(String(count))
    }

    /// A new empty folder.
    func newFolder() throws(BuildError) -> FilePath {
        let path = try newPath()
        do throws(SyscallError) {
            try Folder(opening: path.removingLastComponent()).makeFolder(FilePath(root: nil, path.components.suffix(1)))
        } catch {
            throw BuildError(error, doing: "making a folder for the step")
        }
        return path
    }

    private func folder() throws(BuildError) -> FilePath {
        if let path { return path }
        let path = try store.newScratchFolder()
        self.path = path
        return path
    }

    deinit {
        guard let path, let above = try? Folder(opening: path.removingLastComponent()) else { return }
        // What stays behind lies in the store's scratch folder, which the next command clears.
        try? above.removeTree(FilePath(root: nil, path.components.suffix(1)))
    }
}
