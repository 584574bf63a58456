import Glibc
package import Linux
import OCI
package import SystemPackage

/// Lays a layer's entries out in a folder, in the form in which overlayfs merges it with the layers below.
///
/// Every path is resolved by the kernel within the folder (`openat2` with `RESOLVE_IN_ROOT`), so no link in an archive
/// leads out of it. Folders get their modes and times last, the deepest first.
package struct LayerUnpacker: ~Copyable {
    /// What a deletion becomes.
    package enum Deletions: Hashable, Sendable {
        /// Marks for overlayfs: the layer lies over others.
        case marked
        /// Nothing: there is nothing below.
        case dropped
    }

    /// The folder that entries go into, kept open since they come folder by folder.
    struct OpenFolder: ~Copyable {
        let path: TreePath
        let folder: Folder
    }

    let root: Folder
    let deletions: Deletions
    let isPrivileged = geteuid() == 0
    var folders: [TarEntry] = []
    var parent: OpenFolder?
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)

    package init(into path: FilePath, deletions: Deletions) throws(LayerError) {
        root = try LayerError.system { () throws(SyscallError) in try Folder(opening: path) }
        self.deletions = deletions
    }

    deinit { buffer.deallocate() }

    /// Unpacks a whole blob. - Returns: what was read; whoever expects a certain layer compares.
    package static func unpack(
        _ blob: consuming File, into path: FilePath, deletions: Deletions, limits: ArchiveLimits = ArchiveLimits()
    ) throws(LayerError) -> ArchiveSummary {
        let reader = try TarReader(blob, limits: limits)
        var unpacker = try LayerUnpacker(into: path, deletions: deletions)
        while let entry = try reader.next() { try unpacker.add(entry, from: reader) }
        try unpacker.finish()
        return try reader.finish()
    }
}
