/// The type of a blob, as descriptors and manifests name it (image-spec, media-types.md).
package struct MediaType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    package static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    package static let config = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    package static let layer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    package static let layerGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    package static let layerZstd = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")

    package static let dockerIndex = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    package static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerConfig = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")

    package var isIndex: Bool { self == .index || self == .dockerIndex }
    package var isManifest: Bool { self == .manifest || self == .dockerManifest }
    package var isConfig: Bool { self == .config || self == .dockerConfig }
}
