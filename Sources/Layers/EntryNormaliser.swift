package import Linux
package import OCI

/// Brings what a file system says of a file to what a layer keeps of it.
package struct EntryNormaliser: Hashable, Sendable {
    /// No time in the layer is later than this; `nil` for no limit.
    package let epoch: Int64?

    /// Attributes that describe the machine and not the image: labels of its security policy, ids of its servers.
    private static let foreign = [Array("security.selinux".utf8), Array("system.nfs4_acl".utf8)]

    package init(clampTo epoch: Int64? = nil) { self.epoch = epoch }

    /// Whole seconds, and never later than the epoch.
    package func time(_ time: FileStatus.Time) -> Int64 { min(time.seconds, epoch ?? .max) }

    /// Those that a layer keeps, in their order: an attribute with an empty value has no form in a tar header.
    package func attributes(_ attributes: [ExtendedAttribute]) -> [ExtendedAttribute] {
        attributes.filter {
            !$0.value.isEmpty && !$0.isOverlays && !Self.foreign.contains($0.name) && Self.keepsName(of: $0)
        }
    }

    /// libarchive writes all other names percent-encoded, and no reader takes that back: the file would get an attribute
    /// that it never had.
    private static func keepsName(of attribute: ExtendedAttribute) -> Bool {
        attribute.name.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "=") }
    }

    /// The entry for a file that is no socket and no hard link; `target` is a symbolic link's.
    package func entry(
        _ path: TreePath, _ status: FileStatus, attributes: [ExtendedAttribute], target: [UInt8] = []
    ) -> TarEntry? {
        let kind: TarEntry.Kind
        switch status.kind {
        case .regular: kind = .file(size: status.size)
        case .folder: kind = .folder
        case .symbolicLink: kind = .symbolicLink(target: target)
        case .characterDevice: kind = .characterDevice(status.deviceNumber)
        case .blockDevice: kind = .blockDevice(status.deviceNumber)
        case .fifo: kind = .fifo
        case .socket: return nil
        }
        return TarEntry(
            path, kind, mode: status.mode, owner: status.owner, group: status.group, modified: time(status.modified),
            attributes: self.attributes(attributes))
    }
}
