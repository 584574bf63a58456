/// A list of manifests, by platform or by name (image-spec, image-index.md).
package struct ImageIndex: Hashable, Sendable {
    package var mediaType: MediaType
    package var manifests: [Descriptor]
    package var annotations: ExactMap<String>

    package init(mediaType: MediaType = .index, manifests: [Descriptor], annotations: ExactMap<String> = [:]) {
        self.mediaType = mediaType
        self.manifests = manifests
        self.annotations = annotations
    }

    package init(parsing bytes: [UInt8]) throws(OCIError) {
        let document = "image index"
        let object = try JSONValue.parseObject(bytes, document)
        guard try object.required("schemaVersion", in: document, \.integer) == 2 else {
            throw .field("schemaVersion", in: document)
        }
        let type = try object.optional("mediaType", in: document, \.string) ?? MediaType.index.rawValue
        mediaType = MediaType(rawValue: type)
        guard mediaType.isIndex, object["layers"] == nil, object["config"] == nil else {
            throw .confusedType(expected: "an image index", found: type)
        }
        manifests = []
        for manifest in try object.required("manifests", in: document, \.array) {
            guard let manifest = manifest.object else { throw .field("manifests", in: document) }
            manifests.append(try Descriptor(json: manifest))
        }
        annotations = try object.optional("annotations", in: document) { $0.object?.stringMap } ?? [:]
    }

    package func serialised() -> [UInt8] {
        var object = JSONObject([
            ("schemaVersion", 2), ("mediaType", .string(mediaType.rawValue)),
            ("manifests", .array(manifests.map(\.json))),
        ])
        if !annotations.isEmpty { object["annotations"] = .map(annotations) }
        return JSONValue.object(object).serialised()
    }
}
