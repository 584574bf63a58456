import OCI

/// A tar of documents and blobs, as a value: what is in it and how large it gets is known before a byte is written.
///
///     blobs/ │ blobs/sha256/ │ layers … │ documents of the image … │ index.json │ manifest.json │ oci-layout
///
/// Layers come first, in the order of the image: they are there before the documents that name them. The others are
/// sorted. Members carry no owner and no time, so the same image makes the same bytes anywhere.
struct LayoutArchive: Sendable {
    enum Contents: Hashable, Sendable {
        case bytes([UInt8])
        /// A blob of the store.
        case blob(Digest, size: Int64)

        var size: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .blob(_, let size): size
            }
        }
    }

    struct Member: Hashable, Sendable {
        let name: TreePath
        /// `nil` for a folder.
        let contents: Contents?

        var header: [UInt8] { TarRecord.header(name, size: contents?.size) }

        /// What it takes in the archive.
        var size: Int64 {
            let contents = contents?.size ?? 0
            return Int64(header.count) + contents + TarRecord.padding(after: contents)
        }
    }

    /// The members that come first: folders and layers.
    private(set) var leading = Self.folders
    /// The names of these layers.
    private var layers: Set<TreePath> = []
    private var others: [TreePath: Contents] = [:]

    mutating func add(_ name: String, _ contents: Contents) { others[TreePath(normalising: name)] = contents }

    mutating func add(_ blobs: [Descriptor]) {
        for blob in blobs {
            let member = Self.member(blob)
            if !layers.contains(member.name) { others[member.name] = member.contents }
        }
    }

    /// Puts layers behind those that are there; what is there already stays where it is.
    mutating func add(layers added: [Descriptor]) {
        for layer in added {
            guard let member = nextMember(for: layer) else { continue }
            layers.insert(member.name)
            leading.append(member)
        }
    }

    /// What a layer will be behind those that are there; `nil` if it is there already.
    func nextMember(for layer: Descriptor) -> Member? {
        let member = Self.member(layer)
        return layers.contains(member.name) || others[member.name] != nil ? nil : member
    }

    /// The members in the order in which they stand.
    var members: [Member] { leading + others.keys.sorted().map { Member(name: $0, contents: others[$0]) } }

    private static func member(_ blob: Descriptor) -> Member {
        Member(name: OCILayoutReader.location(of: blob.digest), contents: .blob(blob.digest, size: blob.size))
    }

    private static let folders = ["blobs", "blobs/sha256"].map {
        Member(name: TreePath(normalising: $0), contents: nil)
    }

    /// How many bytes the archive has.
    var size: Int64 { members.reduce(Int64(Self.end.count)) { $0 + $1.size } }

    /// What stands behind the last member.
    static let end = [UInt8](repeating: 0, count: 1024)
}
