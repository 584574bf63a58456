/// An image's manifest: its configuration and its layers, lowest first (image-spec, manifest.md).
package struct Manifest: Hashable, Sendable {
    package var mediaType: MediaType
    package var config: Descriptor
    package var layers: [Descriptor]
    package var annotations: ExactMap<String>

    package init(
        mediaType: MediaType = .manifest, config: Descriptor, layers: [Descriptor], annotations: ExactMap<String> = [:]
    ) {
        self.mediaType = mediaType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }

    /// Reads a manifest of OCI or docker's schema 2; anything that could be read as something else is refused.
    package init(parsing bytes: [UInt8]) throws(OCIError) {
        let document = "manifest"
        let object = try JSONValue.parseObject(bytes, document)
        guard try object.required("schemaVersion", in: document, \.integer) == 2 else {
            throw .field("schemaVersion", in: document)
        }
        let type = try object.optional("mediaType", in: document, \.string) ?? MediaType.manifest.rawValue
        mediaType = MediaType(rawValue: type)
        guard mediaType.isManifest, object["manifests"] == nil, object["fsLayers"] == nil else {
            throw .confusedType(expected: "an image manifest", found: type)
        }
        config = try Descriptor(json: try object.required("config", in: document, \.object))
        layers = []
        for layer in try object.required("layers", in: document, \.array) {
            guard let layer = layer.object else { throw .field("layers", in: document) }
            layers.append(try Descriptor(json: layer))
        }
        annotations = try object.optional("annotations", in: document) { $0.object?.stringMap } ?? [:]
    }

    package func serialised() -> [UInt8] {
        var object = JSONObject([
            ("schemaVersion", 2), ("mediaType", .string(mediaType.rawValue)), ("config", config.json),
            ("layers", .array(layers.map(\.json))),
        ])
        if !annotations.isEmpty { object["annotations"] = .map(annotations) }
        return JSONValue.object(object).serialised()
    }
}
