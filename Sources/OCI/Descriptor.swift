/// What a manifest says of a blob: its type, its name and its size (image-spec, descriptor.md).
package struct Descriptor: Hashable, Sendable {
    package var mediaType: MediaType
    package var digest: Digest
    /// In bytes; never negative.
    package var size: Int64
    package var annotations: ExactMap<String>
    package var platform: Platform?

    package init(
        mediaType: MediaType, digest: Digest, size: Int64, annotations: ExactMap<String> = [:],
        platform: Platform? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
    }

    package init(json object: JSONObject) throws(OCIError) {
        let document = "descriptor"
        mediaType = MediaType(rawValue: try object.required("mediaType", in: document, \.string))
        digest = try object.required("digest", in: document) { $0.string.flatMap { Digest($0) } }
        size = try object.required("size", in: document) { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
        annotations = try object.optional("annotations", in: document) { $0.object?.stringMap } ?? [:]
        if let object = try object.optional("platform", in: document, \.object) {
            platform = try Platform(json: object)
        }
    }

    package var json: JSONValue {
        var object = JSONObject([
            ("mediaType", .string(mediaType.rawValue)), ("digest", .string(digest.description)),
            ("size", .integer(size)),
        ])
        if !annotations.isEmpty { object["annotations"] = .map(annotations) }
        if let platform { object["platform"] = .object(platform.json) }
        return .object(object)
    }
}
