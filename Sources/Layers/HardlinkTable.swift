import Linux
import OCI

/// Which names of an upper folder are one file: only for files with more than one.
///
/// All names of such a file are written if one is: a layer can link to nothing below it.
struct HardlinkTable {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }
    }

    /// One name.
    struct Name {
        /// The numbers of its finding and of the folder it lies in.
        let finding: Int
        let folder: Int
    }

    /// One file.
    private struct File {
        let first: TreePath
        let firstBelow: Identity?
        var names: [Name] = []
        /// True if a name is a change, or was not this file before.
        var isNew = false
    }

    private var files: [Identity: File] = [:]

    /// Notes a name and its verdict; `below` is what lies there.
    mutating func add(_ name: Name, _ finding: OverlayFinding, _ status: FileStatus, below: FileStatus?) {
        guard status.linkCount > 1, status.kind != .folder else { return }
        let identity = Identity(status)
        let identityBelow = below.map(Identity.init)
        var file = files.removeValue(forKey: identity) ?? File(first: finding.path, firstBelow: identityBelow)
        file.names.append(name)
        if finding.isChange || identityBelow != file.firstBelow { file.isNew = true }
        files[identity] = file
    }

    /// Calls `body` with every name of the files that are to be written under several names.
    func forEachWritten(_ body: (Name, OverlayFindings.LinkedName) -> Void) {
        for file in files.values where file.isNew && file.names.count > 1 {
            for (index, name) in file.names.enumerated() {
                body(name, index == 0 ? .first : .further(of: file.first))
            }
        }
    }
}
