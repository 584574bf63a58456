import Linux
import SystemPackage

/// Adds up what files take on the disk, as `du` does: blocks, not lengths, and each file once however many names it has.
struct DiskUsage {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private var counted: Set<Identity> = []

    /// What an entry and all below it take, but for what was counted before.
    mutating func size(of name: FilePath, in root: StoreRoot) throws(StoreError) -> Int64 {
        var total: Int64 = 0
        try attempt("measuring `\(root.host(name))`") { () throws(SyscallError) in
            try root.folder.forEachStatus(from: name) { status in total += count(status) }
        }
        return total
    }

    /// What a folder takes itself, without what it holds.
    mutating func size(ofFolder name: FilePath, in root: StoreRoot) throws(StoreError) -> Int64 {
        let status = try attempt("measuring `\(root.host(name))`") { () throws(SyscallError) in
            name.isEmpty ? try root.folder.status() : try root.folder.status(of: name)
        }
        return status.map { count($0) } ?? 0
    }

    private mutating func count(_ status: FileStatus) -> Int64 {
        // A folder has as many links as folders in it, and is met once.
        guard status.kind != .folder, status.linkCount > 1 else { return status.allocated }
        let isNew = counted.insert(Identity(device: status.device, inode: status.inode)).inserted
        return isNew ? status.allocated : 0
    }
}
