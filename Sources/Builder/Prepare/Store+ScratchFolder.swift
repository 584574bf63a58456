import Linux
import Store
import SystemPackage

extension Store {
    /// A new empty folder for work in progress, gone when the process ends.
    func newScratchFolder() throws(BuildError) -> FilePath {
        let path = try fromStore { () throws(StoreError) in try scratchPath() }
        do throws(SyscallError) {
            try Folder(opening: path.removingLastComponent()).makeFolder(FilePath(root: nil, path.components.suffix(1)))
        } catch {
            throw BuildError(error, doing: "making a folder to work in")
        }
        return path
    }
}
