package import Linux
package import OCI

/// One entry of a layer as a value: everything a tar header says but names of users and the times that layers omit.
package struct TarEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file(size: Int64)
        case folder
        /// The target's bytes are the link's own text; nothing resolves them.
        case symbolicLink(target: [UInt8])
        /// A second name for an entry earlier in the same layer.
        case hardLink(target: TreePath)
        case characterDevice(DeviceNumber)
        case blockDevice(DeviceNumber)
        case fifo
    }

    package var path: TreePath
    package var kind: Kind
    /// The lower twelve bits.
    package var mode: UInt16
    package var owner: UInt32
    package var group: UInt32
    /// Whole seconds since 1970.
    package var modified: Int64
    package var attributes: [ExtendedAttribute]

    package init(
        _ path: TreePath, _ kind: Kind, mode: UInt16, owner: UInt32 = 0, group: UInt32 = 0, modified: Int64 = 0,
        attributes: [ExtendedAttribute] = []
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.attributes = attributes
    }
}
