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
    /// When the folder below was changed last.
    var lowerModified: FileStatus.Time?

    /// True if the layer has to mention it.
    var isChange: Bool { verdict == .added || verdict == .modified || verdict == .deleted }
}
