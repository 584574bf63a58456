package import OCI

/// What a key produced. The layer is found by its DiffID: the blobs that encode it may come and go.
package struct CacheRecord: Hashable, Sendable {
    /// The layer that the step made; `nil` if it changed nothing.
    package let layer: DiffID?
    /// The name of the file system it left, times not counted: what keys the next step.
    package let tree: Digest
    /// When the step ran, in seconds since 1970.
    package let created: Int64
    /// How long it ran.
    package let milliseconds: Int64
    /// The size of the layer's tar; 0 without a layer.
    package let uncompressedSize: Int64
    /// How many entries the layer has; 0 without a layer.
    package let entryCount: Int64

    package init(
        layer: DiffID?, tree: Digest, created: Int64, milliseconds: Int64 = 0, uncompressedSize: Int64 = 0,
        entryCount: Int64 = 0
    ) {
        self.layer = layer
        self.tree = tree
        self.created = created
        self.milliseconds = milliseconds
        self.uncompressedSize = uncompressedSize
        self.entryCount = entryCount
    }
}

extension CacheRecord {
    /// `nil` for anything but what ``json`` writes.
    package init?(json object: JSONObject) {
        guard let tree = object["tree"]?.string.flatMap({ Digest($0) }),
            let created = object["created"]?.integer,
            let milliseconds = object["milliseconds"]?.integer,
            let size = object["uncompressedSize"]?.integer,
            let count = object["entryCount"]?.integer,
            let layer = object["layer"]
        else { return nil }
        let diffID = layer.string.flatMap { Digest($0) }.map(DiffID.init)
        guard diffID != nil || layer == .null else { return nil }
        self.init(
            layer: diffID, tree: tree, created: created, milliseconds: milliseconds, uncompressedSize: size,
            entryCount: count)
    }

    package var json: JSONObject {
        JSONObject([
            ("layer", layer.map { .string($0.description) } ?? .null), ("tree", .string(tree.description)),
            ("created", .integer(created)), ("milliseconds", .integer(milliseconds)),
            ("uncompressedSize", .integer(uncompressedSize)), ("entryCount", .integer(entryCount)),
        ])
    }
}
