import Layers
import Linux
package import OCI

/// A file, folder or link of an image's tree.
package struct InspectedFile: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case folder
        case symbolicLink(target: [UInt8])
        case characterDevice
        case blockDevice
        case fifo
    }

    package let path: TreePath
    package let kind: Kind
    /// The bytes of a file; 0 for anything else.
    package let size: Int64
    /// The lower twelve bits.
    package let mode: UInt16
    package let owner: UInt32
    package let group: UInt32
    /// In seconds since 1970.
    package let modified: Int64
    /// Which layer shows it, counted from 0.
    package let layer: Int
    /// What the file holds, if that was asked for.
    package let contents: Digest?
    /// The name under which that layer's archive has its contents: another one for a hard link.
    let source: TreePath
    private let attributes: [[UInt8]]

    /// `entry` is no hard link, but what it is a name of.
    init(_ entry: TarEntry, at path: TreePath, layer: Int, source: TreePath, contents: Digest?) {
        self.path = path
        self.layer = layer
        self.source = source
        self.contents = contents
        mode = entry.mode
        owner = entry.owner
        group = entry.group
        modified = entry.modified
        attributes = entry.attributes.flatMap { [$0.name, $0.value] }
        size = if case .file(let size) = entry.kind { size } else { 0 }
        kind =
            switch entry.kind {
            case .file, .hardLink: .file
            case .folder: .folder
            case .symbolicLink(let target): .symbolicLink(target: target)
            case .characterDevice: .characterDevice
            case .blockDevice: .blockDevice
            case .fifo: .fifo
            }
    }

    /// True if nothing but the times differs, and the layer.
    func isSame(as other: InspectedFile) -> Bool {
        path == other.path && kind == other.kind && size == other.size && mode == other.mode && owner == other.owner
            && group == other.group && contents == other.contents && attributes == other.attributes
    }
}
