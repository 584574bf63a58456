import OCI
import Store

extension ImageImporter {
    /// Finds an image by a name: in the store, or else at its registry.
    func readNamed(_ text: String, _ extent: Extent) throws(ImageError) -> ImportedImage {
        guard let name = Reference(text) else { throw .usage("`\(text)` is no name of an image") }
        if let found = try StoredImages(store: store).image(name, platform) { return found }
        guard registries != nil else { throw .usage("the store has no image `\(name.familiar)`") }
        return try pull(name, extent: extent)
    }
}
