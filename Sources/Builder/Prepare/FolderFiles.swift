import Glibc
import Linux
import OCI
import SystemPackage

/// The files of an image source that is a folder.
final class FolderFiles: ImageFiles {
    let place: String
    private let folder: Folder

    init(_ path: FilePath) throws(SyscallError) {
        place = path.string
        folder = try Folder(opening: path)
    }

    func open(_ name: TreePath) throws(ImageError) -> SourceFile? {
        try open(name.components[...], in: folder, name)
    }

    /// Walks down without following a link, so that no name can lead out of the source.
    private func open(
        _ components: ArraySlice<ArraySlice<UInt8>>, in folder: borrowing Folder, _ name: TreePath
    ) throws(ImageError) -> SourceFile? {
        guard let first = components.first else { return nil }
        let component = FilePath(bytes: first)
        let status = try ImageError.system { () throws(SyscallError) in try folder.status(of: component) }
        guard let status else { return nil }
        let expected: FileKind = components.count == 1 ? .regular : .folder
        guard status.kind == expected else { throw wrongKind(name) }

        if components.count > 1 {
            let next = try ImageError.system { () throws(SyscallError) in try folder.openFolder(component) }
            return try open(components.dropFirst(), in: next, name)
        }
        // Looked at again once it is open: the name may mean another file by now, and opening a FIFO must not wait.
        let file = try ImageError.system { () throws(SyscallError) in
            File(try folder.open(component, O_RDONLY | O_NONBLOCK))
        }
        let opened = try ImageError.system { () throws(SyscallError) in try file.status() }
        guard opened.kind == .regular else { throw wrongKind(name) }
        return SourceFile(file: file, offset: 0, size: opened.size)
    }

    private func wrongKind(_ name: TreePath) -> ImageError {
        .rejected("image-file-kind", place(of: name), "this is not a regular file in regular folders")
    }
}
