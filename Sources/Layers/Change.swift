package import OCI
package import SystemPackage

/// What a step did to one path.
package enum Change: Hashable, Sendable {
    /// Nothing was there before.
    case added(TarEntry, at: FilePath)
    /// Something else was there, or the folder only leads to other changes.
    case modified(TarEntry, at: FilePath)
    case deleted(TreePath)

    package var path: TreePath {
        switch self {
        case .added(let entry, _), .modified(let entry, _): entry.path
        case .deleted(let path): path
        }
    }
}
