import OCI

/// What an entry of a layer says about the layers below it (image-spec, layer.md, "Whiteouts").
enum WhiteoutMark: Hashable {
    /// The lower file or folder is gone.
    case deletion(of: TreePath)
    /// Nothing that lower layers have in the folder shows through.
    case opaque(TreePath)

    /// Why a name that is reserved for marks is no mark, as a clause.
    struct Fault: Error { let reason: String }

    /// `nil` for an ordinary entry.
    init?(_ entry: TarEntry) throws(Fault) {
        let components = entry.path.components
        guard let last = components.last, components.contains(where: { Whiteout.isReserved($0) }) else { return nil }
        guard !components.dropLast().contains(where: { Whiteout.isReserved($0) }) else {
            throw Fault(reason: "nothing can lie below a name that starts with `.wh.`")
        }
        guard case .file(size: 0) = entry.kind else {
            throw Fault(reason: "a whiteout is an empty file, and this is none")
        }
        if last.elementsEqual(Whiteout.opaqueName) {
            self = .opaque(entry.path.parent)
            return
        }
        let name = last.dropFirst(Whiteout.prefix.count)
        guard !name.isEmpty, !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8),
            !Whiteout.isReserved(name)
        else { throw Fault(reason: "this whiteout names no file") }
        self = .deletion(of: entry.path.parent.appending(name))
    }
}
