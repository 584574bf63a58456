/// An image's configuration: how its containers start, and which layers it has (image-spec, config.md).
///
/// Docker's extra fields are part of it, and whatever field a base brings that we do not know is kept and written back.
package struct ImageConfig: Hashable, Sendable {
    package var platform: Platform
    /// RFC 3339.
    package var created: String?
    package var author: String?
    package var history: [History]
    /// `rootfs.diff_ids`, lowest first.
    package var diffIDs: [DiffID]
    package var container: ContainerConfig
    /// The members of the document that no property above claims.
    package var unknown: JSONObject

    /// The configuration of `scratch`: nothing but a platform.
    package init(platform: Platform) {
        self.platform = platform
        history = []
        diffIDs = []
        container = ContainerConfig()
        unknown = JSONObject()
    }

    package init(parsing bytes: [UInt8]) throws(OCIError) {
        let document = "image configuration"
        let object = try JSONValue.parseObject(bytes, document)
        platform = try Platform(json: object)
        created = try object.optional("created", in: document, \.string)
        author = try object.optional("author", in: document, \.string)

        history = []
        for line in try object.optional("history", in: document, \.array) ?? [] {
            guard let line = line.object else { throw .field("history", in: document) }
            history.append(try History(json: line))
        }
        let rootfs = try object.required("rootfs", in: document, \.object)
        guard try rootfs.required("type", in: "rootfs", \.string) == "layers" else {
            throw .field("type", in: "rootfs")
        }
        diffIDs = []
        for name in try rootfs.optional("diff_ids", in: "rootfs", \.strings) ?? [] {
            guard let digest = Digest(name) else { throw .field("diff_ids", in: "rootfs") }
            diffIDs.append(DiffID(digest))
        }
        container = try ContainerConfig(json: try object.optional("config", in: document, \.object) ?? JSONObject())
        unknown = object.removing([
            "architecture", "os", "os.version", "variant", "created", "author", "history", "rootfs", "config",
            // What docker's classic builder left behind about the container that made the image.
            "container", "container_config",
        ])
    }

    package func serialised() -> [UInt8] {
        var object = JSONObject()
        if let created { object["created"] = .string(created) }
        if let author { object["author"] = .string(author) }
        object = object.merging(platform.json)
        object["config"] = .object(container.json)
        object["rootfs"] = ["type": "layers", "diff_ids": .strings(diffIDs.map(\.description))]
        if !history.isEmpty { object["history"] = .array(history.map(\.json)) }
        return JSONValue.object(object.merging(unknown)).serialised()
    }

    /// The file system that the layers make; `nil` if there are none.
    package var chain: ChainID? {
        diffIDs.chain
    }
}
