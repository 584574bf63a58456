import OCI
import Store

extension ImageImporter {
    /// Finds an image by a name, in the store or else at its registry, or by a digest, which names no registry.
    func readNamed(_ text: String, _ extent: Extent) throws(ImageError) -> ImportedImage {
        if let digest = Digest(text) {
            if let found = try StoredImages(store: store).image(digest, platform) { return found }
            throw .rejected("no-image", "\(digest)", "the store has no image with this digest")
        }
        guard let name = Reference(text) else { throw .usage("`\(text)` is no name of an image") }
        if let found = try StoredImages(store: store).image(name, platform) { return found }
        guard registries != nil else { throw .usage("the store has no image `\(name.familiar)`") }
        return try pull(name, extent: extent)
    }
}
