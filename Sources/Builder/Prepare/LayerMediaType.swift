import OCI

/// What the media type of a layer says of its bytes, and which type the layer has in an image of ours.
struct LayerMediaType: Hashable, Sendable {
    /// How a blob is compressed, where its type says so.
    enum Packing: Hashable, Sendable {
        case none, gzip, zstd
    }

    let packing: Packing

    /// `nil` for what is no layer. Layers that must not be distributed are layers like others once they are here
    /// (image-spec, layer.md); their addresses are never followed.
    init?(_ type: MediaType) {
        switch type.rawValue {
        case "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar":
            packing = .none
        case "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":
            packing = .gzip
        case "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar.zstd":
            packing = .zstd
        default: return nil
        }
    }

    init(_ packing: Packing) { self.packing = packing }

    /// The type of the same bytes in an OCI manifest.
    var mediaType: MediaType {
        switch packing {
        case .none: .layer
        case .gzip: .layerGzip
        case .zstd: .layerZstd
        }
    }
}
