/// The name of a layer's uncompressed tar.
///
/// A blob's digest changes with the compressor; this does not, so caches and identities use it (image-spec, config.md).
package struct DiffID: Hashable, Sendable, CustomStringConvertible {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }

    package var description: String { digest.description }
}

/// The name of the file system that a list of layers makes when applied in order (image-spec, config.md).
package struct ChainID: Hashable, Sendable, CustomStringConvertible {
    package let digest: Digest

    package init(_ digest: Digest) { self.digest = digest }

    /// The chain with one more layer on top of `below`; the chain of a lowest layer, over `nil`, is its DiffID.
    package init(_ layer: DiffID, over below: ChainID?) {
        self.init(below.map { .of(Array("\($0.digest) \(layer.digest)".utf8)) } ?? layer.digest)
    }

    package var description: String { digest.description }
}

extension Array where Element == DiffID {
    /// The file system that these layers make when applied in order; `nil` for none.
    package var chain: ChainID? { reduce(nil) { ChainID($1, over: $0) } }
}
