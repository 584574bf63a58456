import OCI
import Store

/// What a cache outside the store says: which keys produced what, and which blobs encode the layers.
///
/// It is the configuration of an image whose layers are those blobs, so that registries and other tools keep and copy
/// the whole as they do with any image.
///
///     {"version": 1,
///      "records": [{"keys": ["sha256:…"], "layer": …, "tree": …, "created": …, …}],
///      "layers":  [{"layer": "sha256:…", "digest": …, "size": …, "mediaType": …, "compression": …, "encoding": …}],
///      "packs":   [{"digest": "sha256:…", "size": …}],
///      "mounts":  [{"name": "sha256:…", "id": "pip", "mode": …, "size": …, "list": "sha256:…", …}]}
struct CacheDocument: Hashable, Sendable {
    /// What a step produced, under each of its keys.
    struct Entry: Hashable, Sendable {
        let keys: [Digest]
        let record: CacheRecord
    }

    /// A layer and the blob that encodes it here.
    struct Layer: Hashable, Sendable {
        let layer: DiffID
        let encoded: EncodedLayer
    }

    static let mediaType = MediaType(rawValue: "application/vnd.layerbuild.cache.v1+json")
    private static let version: Int64 = 1

    var entries: [Entry] = []
    var layers: [Layer] = []
    /// What chunks of cache mounts lie in, by the numbers that lists give them.
    var packs: [Descriptor] = []
    var mounts: [CacheMountRecord] = []

    /// Frames of chunks, one behind the other.
    static let packType = MediaType(rawValue: "application/vnd.layerbuild.chunks.v1+zstd")
    /// More a pack may not have.
    static let packLimit: Int64 = 64 << 20

    init() {}

    /// `nil` for anything but a document of this version.
    init?(parsing bytes: [UInt8]) {
        guard let object = (try? JSONValue.parse(bytes))?.object, object["version"]?.integer == Self.version,
            let records = object["records"]?.array, let layers = object["layers"]?.array
        else { return nil }
        for value in records {
            guard let object = value.object, let record = CacheRecord(json: object),
                let keys = object["keys"]?.strings?.map({ Digest($0) }), !keys.contains(nil)
            else { return nil }
            entries.append(Entry(keys: keys.compactMap(\.self), record: record))
        }
        for value in layers {
            guard let layer = value.object?["layer"]?.string.flatMap({ Digest($0) }),
                let encoded = EncodedLayer(json: value)
            else { return nil }
            self.layers.append(Layer(layer: DiffID(layer), encoded: encoded))
        }
        for value in object["packs"]?.array ?? [] {
            guard let digest = value.object?["digest"]?.string.flatMap({ Digest($0) }),
                let size = value.object?["size"]?.integer, (0...Self.packLimit).contains(size)
            else { return nil }
            packs.append(Descriptor(mediaType: Self.packType, digest: digest, size: size))
        }
        for value in object["mounts"]?.array ?? [] {
            guard let mount = CacheMountRecord(json: value) else { return nil }
            mounts.append(mount)
        }
    }

    /// Every blob that the document names.
    var blobs: [Descriptor] {
        var seen: Set<Digest> = []
        return (layers.map(\.encoded.descriptor) + packs + mounts.map(\.list))
            .filter { seen.insert($0.digest).inserted }
    }

    /// The bytes; the same for the same contents, in whatever order they were gathered.
    func serialised() -> [UInt8] {
        let records = entries.sorted { Self.name($0) < Self.name($1) }.map { entry in
            var object = entry.record.json
            object["keys"] = .strings(entry.keys.map(\.description))
            return JSONValue.object(object)
        }
        let layers = layers.sorted { $0.layer.description < $1.layer.description }.map { layer in
            var object = layer.encoded.json.object ?? JSONObject()
            object["layer"] = .string(layer.layer.description)
            return JSONValue.object(object)
        }
        var document = JSONObject([
            ("version", .integer(Self.version)), ("records", .array(records)), ("layers", .array(layers)),
        ])
        if !mounts.isEmpty {
            document["packs"] = .array(
                packs.map { ["digest": .string($0.digest.description), "size": .integer($0.size)] })
            document["mounts"] = .array(mounts.map(\.json))
        }
        return JSONValue.object(document).serialised()
    }

    private static func name(_ entry: Entry) -> String { entry.keys.first?.description ?? "" }
}
