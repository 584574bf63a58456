package import OCI

/// One blob that encodes a layer.
package struct EncodedLayer: Hashable, Sendable {
    package let digest: Digest
    package let size: Int64
    package let mediaType: MediaType
    /// How it was compressed, level included; the words are those of whoever wrote it.
    package let compression: String
    /// The version of our encoder; 0 for a blob that came from elsewhere.
    package let encoding: Int64

    package init(digest: Digest, size: Int64, mediaType: MediaType, compression: String, encoding: Int64) {
        self.digest = digest
        self.size = size
        self.mediaType = mediaType
        self.compression = compression
        self.encoding = encoding
    }

    package var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: size) }
}

extension EncodedLayer {
    /// `nil` if the value is not one of ours.
    package init?(json: JSONValue) {
        guard let object = json.object,
            let digest = object["digest"]?.string.flatMap({ Digest($0) }),
            let size = object["size"]?.integer, size >= 0,
            let type = object["mediaType"]?.string,
            let compression = object["compression"]?.string,
            let encoding = object["encoding"]?.integer
        else { return nil }
        self.init(
            digest: digest, size: size, mediaType: MediaType(rawValue: type), compression: compression,
            encoding: encoding)
    }

    package var json: JSONValue {
        [
            "digest": .string(digest.description), "size": .integer(size), "mediaType": .string(mediaType.rawValue),
            "compression": .string(compression), "encoding": .integer(encoding),
        ]
    }
}
