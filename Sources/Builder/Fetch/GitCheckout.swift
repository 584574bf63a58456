import Frontend
import Linux
import OCI
import Store
import SystemPackage

/// The files of a commit, laid out in a scratch folder of the store.
struct GitCheckout: Sendable {
    let tree: ContextTree
    /// The folder that is wanted.
    let top: SourceEntry
    /// When the commit was made, in seconds since 1970.
    let time: Int64

    /// Where the folder that is wanted lies on this machine.
    var folder: FilePath { tree.manifest.folder.appending(FilePath(bytes: top.path.bytes).components) }
}

extension GitCheckout {
    /// Fetches a commit into an empty folder.
    init(
        _ commit: GitCommit, of remote: GitRemote, in folder: FilePath, _ digests: FileDigestCache
    ) throws(BuildError) {
        let address = remote.address
        time = try remote.checkOut(commit, into: folder)
        do throws(SyscallError) {
            let folder = try Folder(opening: folder)
            let keepsGit = (address.keepsGitFolder ?? false) && address.subfolder.isEmpty
            if !keepsGit { try folder.removeGitFolders() }
            if address.times == .commit { try folder.setAllModified(FileStatus.Time(seconds: time)) }
        } catch {
            throw BuildError(error, doing: "reading a git repository")
        }
        let scanner = ContextScanner(patterns: IgnorePatterns()) { _, _ in false }
        let manifest = try scanner.scan(folder, recordingIn: folder.removingLastComponent())
        tree = try ContextTree(manifest, ContentDigests(digests, count: manifest.count))
        // No link is followed on the way.
        guard let top = try tree.entry(at: TreePath(normalising: address.subfolder)), top.isFolder else {
            throw BuildError(
                .input, "git-folder", "`\(address.shown)` has no folder `\(address.subfolder)` at this commit",
                hint: "the part of the address behind `:` is a path within the repository")
        }
        self.top = top
    }
}

extension Folder {
    /// Removes `.git` wherever it is: the repository's folder, and the files that point into it from submodules.
    fileprivate func removeGitFolders() throws(SyscallError) {
        for entry in try entries() {
            if entry.name.elementsEqual(".git".utf8) {
                try removeTree(entry.path)
            } else if try kind(of: entry) == .folder {
                try openFolder(entry.path).removeGitFolders()
            }
        }
    }

    /// Gives one time to all that the folder holds, and to itself.
    fileprivate func setAllModified(_ time: FileStatus.Time) throws(SyscallError) {
        for entry in try entries() {
            if try kind(of: entry) == .folder { try openFolder(entry.path).setAllModified(time) }
            try setModified(of: entry.path, time)
        }
        try setModified(of: ".", time)
    }

    /// Some file systems do not say it in the listing.
    private func kind(of entry: FolderEntry) throws(SyscallError) -> FileKind? {
        if let kind = entry.kind { return kind }
        return try status(of: entry.path)?.kind
    }
}
