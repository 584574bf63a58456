import Linux
import OCI

/// Which names are one file: only for files with more than one.
struct HardlinkTable {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private var groups: [Identity: [Int]] = [:]

    /// Notes that the entry at `index` has this status.
    mutating func add(_ index: Int, _ status: FileStatus) {
        guard status.linkCount > 1, status.kind != .folder else { return }
        groups[Identity(device: status.device, inode: status.inode), default: []].append(index)
    }

    /// The indices of every file with several names among those that were added, each in the order of adding.
    var shared: [[Int]] { groups.values.filter { $0.count > 1 } }
}
