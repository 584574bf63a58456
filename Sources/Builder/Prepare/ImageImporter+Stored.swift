import OCI
import Store

extension ImageImporter {
    /// Finds an image that the store has by a name.
    func readNamed(_ text: String) throws(ImageError) -> ImportedImage {
        guard let name = Reference(text) else { throw .usage("`\(text)` is no name of an image") }
        guard let found = try StoredImages(store: store).image(name, platform) else {
            throw .usage("the store has no image `\(name.familiar)`")
        }
        return found
    }
}
