package import OCI

/// `--annotation`: what a build says about its image outside the image's own configuration (image-spec, annotations.md).
package struct ImageAnnotations: Hashable, Sendable {
    /// Of the document itself: a manifest, or an index.
    package var document: ExactMap<String> = [:]
    /// Of the entry that names the document in the index over it.
    package var descriptor: ExactMap<String> = [:]

    package init() {}
}
