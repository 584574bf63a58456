import CArchive
import Glibc
import Linux
import OCI

extension TarEntry {
    /// Takes over what libarchive read, if it is something that an archive may say.
    init(_ header: OpaquePointer, _ limits: ArchiveLimits) throws(LayerError) {
        guard let name = archive_entry_pathname(header) else { throw .refused("?", reason: "its name cannot be read") }
        let bytes = Self.bytes(name)
        let label = String(decoding: bytes.prefix(256), as: UTF8.self)
        func refuse(_ reason: String) -> LayerError { .refused(label, reason: reason) }

        let path = try Self.path(bytes, limits, refuse)
        let kind = try Self.kind(header, limits, refuse)
        guard !path.isRoot || kind == .folder || kind == .file(size: 0) else { throw refuse("it replaces the root") }
        guard let owner = UInt32(exactly: archive_entry_uid(header)), owner != .max,
            let group = UInt32(exactly: archive_entry_gid(header)), group != .max
        else { throw refuse("its owner is out of range") }
        self.init(
            path, kind, mode: UInt16(archive_entry_perm(header) & 0o7777),
            owner: owner, group: group, modified: Self.clamped(Int64(archive_entry_mtime(header))),
            attributes: Self.attributes(header))
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// Leading slashes go; `..` is refused, since it has no meaning but to lead out.
    private static func path(
        _ bytes: [UInt8], _ limits: ArchiveLimits, _ refuse: (String) -> LayerError
    ) throws(LayerError) -> TreePath {
        guard bytes.count <= limits.path else { throw refuse("its name is longer than \(limits.path) bytes") }
        let components = bytes.split(separator: UInt8(ascii: "/"))
        guard components.allSatisfy({ !$0.elementsEqual("..".utf8) }) else { throw refuse("its name leads upwards") }
        guard components.allSatisfy({ $0.count <= 255 }) else { throw refuse("a name in its path is too long") }
        return TreePath(normalising: bytes)
    }

    private static func kind(
        _ header: OpaquePointer, _ limits: ArchiveLimits, _ refuse: (String) -> LayerError
    ) throws(LayerError) -> Kind {
        if let target = archive_entry_hardlink(header) {
            return .hardLink(target: try path(bytes(target), limits, refuse))
        }
        let size = archive_entry_size(header)
        switch UInt32(archive_entry_filetype(header)) & S_IFMT {
        case S_IFREG:
            guard size >= 0, size <= limits.size else { throw refuse("its size is out of range") }
            return .file(size: size)
        case S_IFDIR: return .folder
        case S_IFLNK:
            guard let target = archive_entry_symlink(header), target.pointee != 0 else {
                throw refuse("it is a symbolic link to nothing")
            }
            return .symbolicLink(target: bytes(target))
        case S_IFCHR:
            let device = try device(header, refuse)
            // overlayfs takes this node for a deletion: it would hide a file that no whiteout names.
            guard device != DeviceNumber(major: 0, minor: 0) else { throw refuse("it is the character device 0:0") }
            return .characterDevice(device)
        case S_IFBLK: return .blockDevice(try device(header, refuse))
        case S_IFIFO: return .fifo
        default: throw refuse("it is of a kind that images do not have")
        }
    }

    private static func device(
        _ header: OpaquePointer, _ refuse: (String) -> LayerError
    ) throws(LayerError) -> DeviceNumber {
        guard let major = UInt32(exactly: archive_entry_rdevmajor(header)), major < 1 << 12,
            let minor = UInt32(exactly: archive_entry_rdevminor(header)), minor < 1 << 20
        else { throw refuse("its device number is out of range") }
        return DeviceNumber(major: major, minor: minor)
    }

    /// From 1901 to 2446, which ext4 can keep.
    private static func clamped(_ seconds: Int64) -> Int64 { min(max(seconds, -(1 << 31)), 15_032_385_535) }

    /// All but those that would steer an overlay or a security module of this machine.
    private static func attributes(_ header: OpaquePointer) -> [ExtendedAttribute] {
        var attributes: [ExtendedAttribute] = []
        archive_entry_xattr_reset(header)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(header, &name, &value, &size) == ARCHIVE_OK {
            guard let name else { continue }
            let key = bytes(name)
            if isForbidden(key) || attributes.contains(where: { $0.name == key }) { continue }
            attributes.append(
                ExtendedAttribute(name: key, value: Array(UnsafeRawBufferPointer(start: value, count: size))))
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func isForbidden(_ name: [UInt8]) -> Bool {
        Whiteout.attributePrefixes.contains { name.starts(with: $0) }
            || name.elementsEqual("security.selinux".utf8) || name.elementsEqual("system.nfs4_acl".utf8)
    }
}
