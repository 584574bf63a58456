import Linux
import OCI

/// From a header and the records before it to an entry: here every number and name of an archive is judged.
extension TarReader {
    /// The longest name that any Linux file system has.
    private static let nameLength = 255
    /// Earlier and later times are moved to these: what ext4 and a ustar header can both hold.
    private static let times: ClosedRange<Int64> = -(1 << 31)...((1 << 33) - 1)

    func entry(_ header: TarHeader, _ records: TarRecords) throws(LayerError) -> TarEntry {
        let name = records.sparse.name ?? records.path ?? header.name
        member = String(decoding: name.prefix(Self.nameLength), as: UTF8.self)
        let path = try path(name)
        let kind = try kind(header, records, name)
        if path.isRoot, kind != .folder { throw refusal("the root can only be a folder") }
        guard let mode = header.mode, mode >= 0 else { throw refusal("its mode is no number that fits") }
        return TarEntry(
            path, kind, mode: UInt16(truncatingIfNeeded: mode & 0o7777), owner: try id(records.owner ?? header.owner),
            group: try id(records.group ?? header.group), modified: try time(records.modified ?? header.modified),
            attributes: try attributes(records))
    }

    /// True of a member that means the root and is no folder, where such are skipped. Its contents are ready to be read.
    func isToBeSkipped(_ header: TarHeader, _ records: TarRecords) throws(LayerError) -> Bool {
        guard nameless == .skipped else { return false }
        let name = records.sparse.name ?? records.path ?? header.name
        guard name.isEmpty || TreePath(normalising: name).isRoot, name.last != UInt8(ascii: "/") else { return false }
        return try kind(header, records, name) != .folder
    }

    func refusal(_ reason: String) -> LayerError { .refused(member, reason: reason) }

    /// A name as a path inside the root. Absolute ones begin there; none may climb.
    func path(_ name: [UInt8]) throws(LayerError) -> TreePath {
        guard !name.isEmpty else { throw refusal("its name is empty") }
        guard name.count <= limits.path else {
            throw refusal("its name is longer than \(limits.path) bytes")
        }
        for component in name.split(separator: UInt8(ascii: "/")) {
            guard !component.elementsEqual("..".utf8) else { throw refusal("a name must not lead upwards with `..`") }
            guard component.count <= Self.nameLength else {
                throw refusal("a part of its name is longer than \(Self.nameLength) bytes")
            }
        }
        return TreePath(normalising: name)
    }

    private func kind(
        _ header: TarHeader, _ records: TarRecords, _ name: [UInt8]
    ) throws(LayerError) -> TarEntry.Kind {
        switch header.type {
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"), UInt8(ascii: "S"):
            let size = try startContents(header, records)
            // The oldest tars have no other sign of a folder.
            return name.last == UInt8(ascii: "/") ? .folder : .file(size: size)
        case UInt8(ascii: "1"): return .hardLink(target: try path(records.linkTarget ?? header.linkTarget))
        case UInt8(ascii: "2"): return .symbolicLink(target: try linkTarget(records.linkTarget ?? header.linkTarget))
        case UInt8(ascii: "3"): return .characterDevice(try device(header, records))
        case UInt8(ascii: "4"): return .blockDevice(try device(header, records))
        case UInt8(ascii: "5"): return .folder
        case UInt8(ascii: "6"): return .fifo
        case let type: throw refusal("members of type `\(String(decoding: [type], as: UTF8.self))` are not known")
        }
    }

    /// Returns the size of the file, holes included.
    private func startContents(_ header: TarHeader, _ records: TarRecords) throws(LayerError) -> Int64 {
        guard let stored = records.size ?? header.contentsSize, stored >= 0 else {
            throw refusal("its size is no number that fits")
        }
        let map: SparseMap?
        if header.type == UInt8(ascii: "S") {
            guard !records.sparse.isPresent, let size = header.sparseSize else { throw badExtents }
            map = SparseMap(try readExtents(of: header), size: size, stored: stored)
        } else if records.sparse.isListInContents {
            guard let size = records.sparse.size, records.sparse.numbers.isEmpty else { throw badExtents }
            let list = try readExtents()
            map = SparseMap(list.extents, size: size, stored: stored - list.size)
        } else if records.sparse.isPresent {
            guard records.sparse.major ?? 0 == 0, let size = records.sparse.size, let extents = records.sparse.extents,
                extents.count <= limits.extents
            else { throw badExtents }
            map = SparseMap(extents, size: size, stored: stored)
        } else {
            map = SparseMap(size: stored)
        }
        guard let map else { throw badExtents }
        try start(map, stored: stored)
        return map.size
    }

    private func linkTarget(_ target: [UInt8]) throws(LayerError) -> [UInt8] {
        guard !target.isEmpty else { throw refusal("the link has no target") }
        guard target.count <= limits.path else {
            throw refusal("the link's target is longer than \(limits.path) bytes")
        }
        return target
    }

    /// 0:0 is how overlayfs says that a file is gone, and larger numbers than these no kernel has.
    private func device(_ header: TarHeader, _ records: TarRecords) throws(LayerError) -> DeviceNumber {
        guard let major = records.major ?? header.major, let minor = records.minor ?? header.minor,
            (0..<1 << 12).contains(major), (0..<1 << 20).contains(minor)
        else { throw refusal("its device number is none that Linux has") }
        guard major != 0 || minor != 0 else { throw refusal("the device 0:0 stands for a deletion in an overlay") }
        return DeviceNumber(major: UInt32(truncatingIfNeeded: major), minor: UInt32(truncatingIfNeeded: minor))
    }

    /// The largest number stands for "none" in the kernel's calls.
    private func id(_ number: Int64?) throws(LayerError) -> UInt32 {
        guard let number, let id = UInt32(exactly: number), id != .max else {
            throw refusal("its owner or group is no number that fits")
        }
        return id
    }

    private func time(_ number: Int64?) throws(LayerError) -> Int64 {
        guard let number else { throw refusal("its time is no number that fits") }
        return min(max(number, Self.times.lowerBound), Self.times.upperBound)
    }

    private func attributes(_ records: TarRecords) throws(LayerError) -> [ExtendedAttribute] {
        guard !records.attributes.isEmpty else { return [] }
        guard records.attributes.count <= limits.attributes else {
            throw refusal("it has more than \(limits.attributes) extended attributes")
        }
        for (name, value) in records.attributes where name.count > Self.nameLength || value.count > 1 << 16 {
            throw refusal(
                "its extended attribute `\(String(decoding: name, as: UTF8.self))` is larger than Linux allows")
        }
        let all = records.attributes.map { ExtendedAttribute(name: $0, value: $1) }
        return EntryNormaliser().attributes(all).sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }
}
