import Linux
import OCI

/// Where the members of a plain tar lie: what is needed to read an archive of blobs in any order without unpacking it.
///
///     header 512 │ contents, filled up to 512 │ header │ … │ two blocks of zeros
///
/// Members that are no regular files are only noted. What a tar says in two ways (a PAX or GNU record and the header)
/// is read as POSIX has it: the record wins.
struct ArchiveIndex: Sendable {
    /// What an archive says of one of its members.
    enum Member: Hashable, Sendable {
        case file(offset: Int64, size: Int64)
        case symbolicLink([UInt8])
        case hardLink(TreePath)
        case other
    }

    /// Why a file is no tar that we read.
    enum Fault: Error, Hashable, Sendable {
        case system(SyscallError)
        /// Not one header is there.
        case notATar
        case damaged(offset: Int64, String)
    }

    static let maximumMembers = 2_000_000

    private(set) var members: [TreePath: Member] = [:]
    /// Names that stand more than once; the last one counts.
    private(set) var repeated: Set<TreePath> = []

    /// Reads the headers of a whole archive.
    init(of file: borrowing File) throws(Fault) {
        let size: Int64
        do { size = try file.status().size } catch { throw .system(error) }
        var position: Int64 = 0
        var extended = ExtendedHeader()
        while true {
            guard let header = try TarHeader(reading: file, at: position) else { break }
            let contents = position + 512
            let length = try extended.size(of: header, at: position)
            guard length <= size - contents else {
                throw .damaged(offset: position, "a member is longer than the archive")
            }
            switch header.type {
            case UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "g"):
                try extended.read(header, from: file, at: contents, count: length)
            default:
                try note(header, extended, at: contents, length)
                extended = ExtendedHeader()
            }
            position = contents + (length + 511) / 512 * 512
        }
        guard position > 0 else { throw .notATar }
    }

    private mutating func note(
        _ header: TarHeader, _ extended: ExtendedHeader, at contents: Int64, _ length: Int64
    ) throws(Fault) {
        let name = extended.path ?? header.name
        guard !name.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }),
            !name.contains(0)
        else {
            throw .damaged(offset: contents - 512, "a member's name leads out of the archive")
        }
        let path = TreePath(normalising: name)
        let target = extended.link ?? header.link
        let member: Member =
            switch header.type {
            case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
                name.last == UInt8(ascii: "/") ? .other : .file(offset: contents, size: length)
            case UInt8(ascii: "1"): .hardLink(TreePath(normalising: target))
            case UInt8(ascii: "2"): .symbolicLink(target)
            default: .other
            }
        guard members.count < Self.maximumMembers else {
            throw .damaged(offset: contents, "the archive has more than \(Self.maximumMembers) members")
        }
        if members.updateValue(member, forKey: path) != nil { repeated.insert(path) }
    }
}

/// What the records before a member's header say of it.
private struct ExtendedHeader {
    static let limit: Int64 = 1 << 20

    var path: [UInt8]?
    var link: [UInt8]?
    var size: Int64?

    /// How many bytes follow a header. A record's size is the member's, not that of another record in between.
    func size(of header: TarHeader, at position: Int64) throws(ArchiveIndex.Fault) -> Int64 {
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"): return header.size
        // Links, nodes and folders have no contents, whatever their size field says.
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "5"),
            UInt8(ascii: "6"):
            return 0
        case UInt8(ascii: "S"): throw .damaged(offset: position, "a member is sparse")
        default: return size ?? header.size
        }
    }

    mutating func read(
        _ header: TarHeader, from file: borrowing File, at offset: Int64, count: Int64
    ) throws(ArchiveIndex.Fault) {
        guard count <= Self.limit else { throw .damaged(offset: offset, "a record is larger than \(Self.limit) bytes") }
        let bytes: [UInt8]
        do { bytes = try file.bytes(at: offset, upTo: Int(count)) } catch { throw .system(error) }
        guard bytes.count == Int(count) else { throw .damaged(offset: offset, "the archive ends too early") }
        switch header.type {
        case UInt8(ascii: "L"): path = Array(bytes.prefix { $0 != 0 })
        case UInt8(ascii: "K"): link = Array(bytes.prefix { $0 != 0 })
        case UInt8(ascii: "x"): try readRecords(bytes, at: offset)
        default: break
        }
    }

    /// `<length> <key>=<value>\n`, again and again.
    private mutating func readRecords(_ bytes: [UInt8], at offset: Int64) throws(ArchiveIndex.Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 3,
                length <= rest.count, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw .damaged(offset: offset, "a record has a wrong length") }
            let record = rest[(rest.startIndex + digits.count + 1)..<(rest.startIndex + length - 1)]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw .damaged(offset: offset, "a record has no value")
            }
            try set(record[..<equals], to: Array(record[(equals + 1)...]), at: offset)
            rest = rest.dropFirst(length)
        }
    }

    private mutating func set(
        _ key: ArraySlice<UInt8>, to value: [UInt8], at offset: Int64
    ) throws(ArchiveIndex.Fault) {
        if key.elementsEqual("path".utf8) {
            path = value
        } else if key.elementsEqual("linkpath".utf8) {
            link = value
        } else if key.elementsEqual("size".utf8) {
            guard let number = Int64(String(decoding: value, as: UTF8.self)), number >= 0 else {
                throw .damaged(offset: offset, "a record's size is no number")
            }
            size = number
        } else if key.starts(with: "GNU.sparse.".utf8) {
            throw .damaged(offset: offset, "a member is sparse")
        }
    }
}
