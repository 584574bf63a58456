package import OCI

/// How a layer's tar is stored as a blob.
package enum Compression: Hashable, Sendable {
    case none
    /// Levels 1 to 9, as gzip counts them.
    case gzip(level: Int)
    /// Levels 1 to 22, as zstd counts them.
    case zstd(level: Int)

    package static let standard = Compression.zstd(level: 3)

    /// The version of what turns entries into bytes: raised whenever the same entries make other bytes than before.
    package static let encodingVersion = 3

    /// The media type of a layer in this encoding (image-spec, media-types.md).
    package var mediaType: MediaType {
        switch self {
        case .none: .layer
        case .gzip: .layerGzip
        case .zstd: .layerZstd
        }
    }
}

extension Compression: CustomStringConvertible {
    /// As the command line and the store's records write it: `none`, `gzip:6`, `zstd:3`.
    package var description: String {
        switch self {
        case .none: "none"
        case .gzip(let level): "gzip:\(level)"
        case .zstd(let level): "zstd:\(level)"
        }
    }
}
