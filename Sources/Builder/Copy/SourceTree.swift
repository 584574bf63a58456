import Linux
import OCI

/// Something that COPY reads from: a build context or the file system of a stage or image.
protocol SourceTree: Sendable {
    /// The entry at a path, no link followed; `nil` if there is none.
    func entry(at path: TreePath) throws(BuildError) -> SourceEntry?
    /// What a folder holds, sorted by the bytes of the names.
    func children(of folder: SourceEntry) throws(BuildError) -> [SourceEntry]
    func linkTarget(of entry: SourceEntry) throws(BuildError) -> [UInt8]
    /// The extended attributes that are copied along.
    func attributes(of entry: SourceEntry) throws(BuildError) -> [ExtendedAttribute]
    func open(_ entry: SourceEntry) throws(BuildError) -> File
    /// Throws if an open file is not what its status said any more.
    func requireUnchanged(_ file: borrowing File, since entry: SourceEntry) throws(BuildError)
    /// The digest of a regular file's contents, if it is known without reading.
    func knownDigest(of entry: SourceEntry) throws(BuildError) -> Digest?
    /// Takes the digest of a file's contents from whoever read them.
    func note(_ digest: Digest, of entry: SourceEntry) throws(BuildError)
    /// False if it is known that no regular file in it has several names.
    var mayHoldHardLinks: Bool { get }
}

/// A file, link or folder that may be copied.
struct SourceEntry: Sendable {
    let path: TreePath
    let status: FileStatus
    /// Who owns the copy if nobody says otherwise: nobody's files of a context become root's.
    let owner: UInt32
    let group: UInt32
    /// False for a folder that is only on the way to what was asked for.
    let isIncluded: Bool
    /// Which of a context's nodes it is; `nil` for a file of a stage or image.
    var node: Int?
    /// Where a context's folder is listed.
    var listing: Int?

    var isFolder: Bool { status.kind == .folder }
}

extension SourceTree {
    var mayHoldHardLinks: Bool { true }

    /// What lies in the store, or was fetched into it, does not change.
    func requireUnchanged(_ file: borrowing File, since entry: SourceEntry) {}

    /// Follows the links of a path, the last name's too, as a process within the tree would.
    ///
    /// Returns: the path without links; names that do not exist are kept as they are.
    func resolve(_ path: TreePath) throws(BuildError) -> TreePath {
        try LinkResolution.resolve(path) { path throws(BuildError) in
            guard let entry = try entry(at: path), entry.status.kind == .symbolicLink else { return nil }
            return try linkTarget(of: entry)
        }
    }
}

/// Following links within a root: `..` and absolute targets stop at it.
enum LinkResolution {
    /// As many as the kernel follows before it says ELOOP, and then some.
    static let limit = 255

    /// `target`: what the link at a path points to; `nil` if there is no link.
    static func resolve(
        _ path: TreePath, target: (TreePath) throws(BuildError) -> [UInt8]?
    ) throws(BuildError) -> TreePath {
        var resolved = TreePath.root
        var rest = Array(path.components.reversed())
        var followed = 0
        while let component = rest.popLast() {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                resolved = resolved.parent
                continue
            }
            let next = resolved.appending(component)
            guard let link = try target(next) else {
                resolved = next
                continue
            }
            followed += 1
            guard followed <= limit else {
                throw BuildError(.recipe, "link-loop", "too many symbolic links on the way to `\(path)`")
            }
            if link.first == UInt8(ascii: "/") { resolved = .root }
            rest.append(contentsOf: link.split(separator: UInt8(ascii: "/")).reversed())
        }
        return resolved
    }
}
