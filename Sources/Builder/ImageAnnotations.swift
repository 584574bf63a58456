/// `--annotation`: what a build says about its image outside the image's own configuration (image-spec, annotations.md).
package struct ImageAnnotations: Hashable, Sendable {
    /// Of the manifest.
    package var manifest: [String: String] = [:]
    /// Of the entry that names the manifest in a layout's index.
    package var descriptor: [String: String] = [:]

    package init() {}
}
