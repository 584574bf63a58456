import Glibc
import Linux
import OCI
import SystemPackage

/// The open folder of one layer, in the form that overlayfs wants.
///
/// Paths passed in were walked down component by component, so all but the last are folders of this layer.
final class LayerRoot: Sendable {
    let path: FilePath
    let folder: Folder
    /// To be asked only about a layer in which nothing changes any more.
    let listings = LayerListings()

    init(_ path: FilePath) throws(LayerError) {
        self.path = path
        do { folder = try Folder(opening: path) } catch { throw .system(error) }
    }

    var status: FileStatus {
        get throws(LayerError) { do { return try folder.status() } catch { throw .system(error) } }
    }

    func location(of path: TreePath) -> FilePath {
        path.isRoot ? self.path : FilePath(bytes: self.path.bytes + [UInt8(ascii: "/")] + path.bytes)
    }

    func status(of path: TreePath) throws(LayerError) -> FileStatus? {
        do { return try folder.status(of: path.filePath) } catch { throw .system(error) }
    }

    /// True if nothing of this folder in lower layers shows through.
    func isOpaque(_ path: TreePath) throws(LayerError) -> Bool {
        for name in Whiteout.opaqueAttributes where try attribute(name, of: path) == [UInt8(ascii: "y")] { return true }
        return false
    }

    func isWhiteout(_ path: TreePath, _ status: FileStatus) throws(LayerError) -> Bool {
        if status.isOverlayWhiteout { return true }
        guard status.kind == .regular, status.size == 0 else { return false }
        for name in Whiteout.whiteoutAttributes where try attribute(name, of: path) != nil { return true }
        return false
    }

    func names(in path: TreePath) throws(LayerError) -> [[UInt8]] {
        let listing = try listing(of: path)
        return (0..<listing.count).map { listing[$0].name }
    }

    func listing(of path: TreePath) throws(LayerError) -> FolderListing {
        do throws(SyscallError) {
            if path.isRoot { return try folder.listing() }
            return try Folder(folder.openInRoot(path.filePath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)).listing()
        } catch {
            throw .system(error)
        }
    }

    func attributes(of path: TreePath) throws(LayerError) -> [ExtendedAttribute] {
        do { return try folder.attributes(of: path.filePath) } catch { throw .system(error) }
    }

    func linkTarget(of path: TreePath) throws(LayerError) -> [UInt8] {
        do { return try folder.linkTarget(of: path.filePath) } catch { throw .system(error) }
    }

    func open(_ path: TreePath) throws(LayerError) -> File {
        do throws(SyscallError) {
            return File(try folder.openInRootUnnoted(path.filePath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
        } catch {
            throw .system(error)
        }
    }

    private func attribute(_ name: [UInt8], of path: TreePath) throws(LayerError) -> [UInt8]? {
        do throws(SyscallError) {
            return try path.isRoot ? folder.attribute(name) : folder.attribute(name, of: path.filePath)
        } catch {
            throw .system(error)
        }
    }
}

extension TreePath {
    /// For calls that are relative to a folder: `.` for the folder itself.
    var filePath: FilePath { isRoot ? "." : FilePath(bytes: bytes) }
}
