import Frontend
import OCI

extension CopyExecutor {
    /// Plans the files of a repository: a folder's contents, as they are.
    func plan(
        _ address: GitAddress, of tree: (any SourceTree)?, _ index: Int, _ copy: CopyOperation,
        _ planner: inout CopyPlanner
    ) throws(BuildError) {
        let top = try frame.remotes.checkout(of: address).top
        guard let tree else { return }
        try planner.copy(top, named: [], of: tree, index, to: copy.destination)
    }

    /// Plans a file from the web. It is unpacked only if the recipe says so.
    func plan(
        _ address: WebAddress, of tree: (any SourceTree)?, _ index: Int, _ copy: CopyOperation,
        _ planner: inout CopyPlanner, _ spool: inout ArchiveSpool
    ) throws(BuildError) {
        guard let tree, let file = try tree.entry(at: TreePath.root.appending(address.fileName)) else { return }
        if copy.unpack == .always, try spool.extract(try tree.open(file), with: &planner, to: copy.destination) {
            return
        }
        try planner.copy(file, named: address.fileName, of: tree, index, to: copy.destination)
    }
}
