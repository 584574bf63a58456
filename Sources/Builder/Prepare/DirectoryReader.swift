import OCI

/// Finds the image in what skopeo's `dir:` writes: `version`, `manifest.json` and blobs named by their digits.
struct DirectoryReader {
    static let marker = TreePath(normalising: "version")
    static let manifestName = TreePath(normalising: "manifest.json")

    let files: any ImageFiles
    let platform: Platform

    /// True if the folder says that it is one.
    static func recognises(_ files: any ImageFiles) throws(ImageError) -> Bool {
        guard try files.open(manifestName) != nil, let source = try files.open(marker), source.size < 256 else {
            return false
        }
        return try files.document(marker)?.starts(with: "Directory Transport Version: 1.".utf8) ?? false
    }

    func select() throws(ImageError) -> FoundSelection {
        var name = Self.manifestName
        var bytes = try files.required(name)
        if isIndex(bytes) {
            let index = try files.read(name) { () throws(OCIError) in try ImageIndex(parsing: bytes) }
            let fitting = index.manifests.filter { $0.platform.map(platform.accepts) ?? false }
            guard let descriptor = fitting.first(where: { $0.platform?.variant == platform.variant }) ?? fitting.first
            else { throw files.refusal("image-platform", name, "there is no image for `\(platform)`") }
            name = TreePath(normalising: "\(descriptor.digest.hex).manifest.json")
            bytes = try files.required(descriptor, at: name)
        }
        let manifest = try files.read(name) { () throws(OCIError) in try Manifest(parsing: bytes) }
        let descriptor = Descriptor(
            mediaType: manifest.mediaType, digest: Digest.of(bytes), size: Int64(bytes.count))
        let image = try FoundImage(FoundDocument(descriptor: descriptor, bytes: bytes), named: name, in: files) {
            TreePath(normalising: $0.hex)
        }
        return FoundSelection(files: files, image: image, index: nil, names: [])
    }

    /// Whether a document is an index goes by what it says; that it does not say both is checked when it is read.
    private func isIndex(_ bytes: [UInt8]) -> Bool {
        guard let object = try? JSONValue.parse(bytes).object else { return false }
        return object["manifests"] != nil && object["layers"] == nil
    }
}
