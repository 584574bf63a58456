import Linux
import OCI

/// The files of an image source that is a plain tar, read where they lie.
final class ArchiveFiles: ImageFiles {
    /// How many links in a row are followed. `docker save` once wrote one; more than a few is a trap.
    static let maximumLinks = 8

    let place: String
    let index: ArchiveIndex
    let file: File

    /// Indexes the archive. What is no tar is refused.
    init(_ file: consuming File, place: String) throws(ImageError) {
        do throws(ArchiveIndex.Fault) {
            index = try ArchiveIndex(of: file)
        } catch {
            switch error {
            case .system(let error): throw .system(error)
            case .notATar:
                throw .rejected("image-not-recognised", place, "this is neither a tar nor a folder with an image")
            case .damaged(let offset, let reason):
                throw .rejected("image-archive-damaged", place, "\(reason) (at byte \(offset))")
            }
        }
        self.place = place
        self.file = file
    }

    func open(_ name: TreePath) throws(ImageError) -> SourceFile? {
        var path = name
        for _ in 0...Self.maximumLinks {
            switch index.members[path] {
            case nil: return nil
            case .file(let offset, let size)?:
                let copy = try ImageError.system { () throws(SyscallError) in File(try file.handle.duplicate()) }
                return SourceFile(file: copy, offset: offset, size: size)
            case .symbolicLink(let target)?: path = try follow(target, from: path)
            case .hardLink(let target)?: path = target
            case .other?:
                throw .rejected("image-file-kind", place(of: name), "this is not a regular file")
            }
        }
        throw .rejected("image-file-kind", place(of: name), "too many links lead to one another")
    }

    /// Where a link leads: only to a member of the same archive, never out of it.
    private func follow(_ target: [UInt8], from path: TreePath) throws(ImageError) -> TreePath {
        var depth = path.parent.components.count
        for component in target.split(separator: UInt8(ascii: "/")) where !component.elementsEqual(".".utf8) {
            depth += component.elementsEqual("..".utf8) ? -1 : 1
            if depth < 0 { break }
        }
        guard target.first != UInt8(ascii: "/"), depth >= 0 else {
            throw .rejected("image-file-kind", place(of: path), "a link leads out of the archive")
        }
        return TreePath(normalising: path.parent.bytes + [UInt8(ascii: "/")] + target)
    }
}
