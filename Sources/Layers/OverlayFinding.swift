import Linux
import OCI

/// One name in an upper folder, and what it means.
struct OverlayFinding {
    enum Verdict: Hashable {
        case added
        case modified
        /// Equal to what lies below: copied up, and not changed.
        case same
        /// Stands for nothing: a stub for a mount, a socket or a whiteout over nothing.
        case meaningless
        /// What lies below is gone.
        case deleted
    }

    let path: TreePath
    /// Of the name in the upper folder; `nil` if there is none, since the folder around it is opaque.
    let status: FileStatus?
    var verdict: Verdict
    /// What the layer would say of it; `nil` for deletions and what has no form in a layer.
    var entry: TarEntry?
    /// True if nothing below shows through at this path, even if the upper name were removed.
    let isCovered: Bool
    /// Attributes that the file has and the entry has not.
    var surplus: [ExtendedAttribute] = []
    /// Of what lies below.
    var below: FileStatus?

    /// True if the layer has to mention it.
    var isChange: Bool { verdict == .added || verdict == .modified || verdict == .deleted }

    /// True if the two names were one file before, too.
    func sharesLower(with other: OverlayFinding) -> Bool {
        below?.inode == other.below?.inode && below?.device == other.below?.device
    }
}
