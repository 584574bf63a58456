package import OCI
package import SystemPackage

/// Where an image or a tree of files is read from: the words of `import` and `--build-context`.
package enum ImageSource: Hashable, Sendable {
    /// A path whose content says what it is.
    case path(FilePath)
    case ociFolder(FilePath, reference: String?)
    case ociArchive(FilePath, reference: String?)
    case dockerArchive(FilePath, reference: String?)
    /// A folder of manifest and blobs, as skopeo's `dir:` writes it.
    case directory(FilePath)
    /// A root file system, as a tar or a folder.
    case rootfs(FilePath)
    /// A name in the store, or else at a registry.
    case name(String)
    /// A name at a registry, whatever the store has.
    case registry(Reference)

    /// True for what is somewhere else for certain.
    var isRemote: Bool {
        if case .registry = self { true } else { false }
    }
}
