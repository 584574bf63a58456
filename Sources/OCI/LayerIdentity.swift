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

    /// The chain of the lowest layer is its DiffID.
    package init(base: DiffID) { digest = base.digest }

    /// The chain with one more layer on top of `below`; `nil` stands for no layer at all.
    package init(_ layer: DiffID, over below: ChainID?) {
        if let below {
            digest = .of(Array("\(below.digest) \(layer.digest)".utf8))
        } else {
            self.init(base: layer)
        }
    }

    package var description: String { digest.description }
}
