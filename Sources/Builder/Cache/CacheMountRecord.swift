import OCI

/// What a cache outside the store says of one cache mount: whose it is, what its folder is like, and where its list of
/// chunks is. The chunks together are a tar of what is in the folder.
struct CacheMountRecord: Hashable, Sendable {
    /// Names the folder in every store: see ``CacheMountName``.
    let name: Digest
    /// As the recipe calls it, for people.
    let id: String
    let mode: UInt16
    let owner: UInt32
    let group: UInt32
    /// Of the tar.
    let size: Int64
    let list: Descriptor

    var json: JSONValue {
        [
            "name": .string(name.description), "id": .string(id), "mode": .integer(Int64(mode)),
            "owner": .integer(Int64(owner)), "group": .integer(Int64(group)), "size": .integer(size),
            "list": .string(list.digest.description), "listSize": .integer(list.size),
        ]
    }

    init(name: Digest, id: String, mode: UInt16, owner: UInt32, group: UInt32, size: Int64, list: Descriptor) {
        self.name = name
        self.id = id
        self.mode = mode
        self.owner = owner
        self.group = group
        self.size = size
        self.list = list
    }

    /// `nil` for what is no record.
    init?(json: JSONValue) {
        guard let object = json.object, let name = object["name"]?.string.flatMap({ Digest($0) }),
            let id = object["id"]?.string, let mode = object["mode"]?.integer.flatMap({ UInt16(exactly: $0) }),
            let owner = object["owner"]?.integer.flatMap({ UInt32(exactly: $0) }),
            let group = object["group"]?.integer.flatMap({ UInt32(exactly: $0) }),
            let size = object["size"]?.integer, let list = object["list"]?.string.flatMap({ Digest($0) }),
            let listSize = object["listSize"]?.integer, mode <= 0o7777, size >= 0,
            (0...ChunkList.limit).contains(listSize)
        else { return nil }
        self.init(
            name: name, id: id, mode: mode, owner: owner, group: group, size: size,
            list: Descriptor(mediaType: ChunkList.mediaType, digest: list, size: listSize))
    }
}
