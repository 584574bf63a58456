import OCI

/// The documents that make a set of blobs an OCI layout, or what `docker load` reads.
enum LayoutDocuments {
    static let marker = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)

    /// `index.json`: the image once for each of its names (image-spec, image-layout.md).
    static func index(_ image: Descriptor, names: [LayoutName]) -> [UInt8] {
        var manifests: [Descriptor] = []
        for name in names {
            var named = image
            named.annotations[Annotation.referenceName] = name.text
            named.annotations[Annotation.imageName] = name.image?.description
            manifests.append(named)
        }
        return ImageIndex(manifests: manifests.isEmpty ? [image] : manifests).serialised()
    }

    /// Docker's `manifest.json`: where configuration and layers lie in the archive.
    static func dockerManifest(_ image: AssembledImage, _ layers: [Descriptor], names: [LayoutName]) -> [UInt8] {
        let names = names.compactMap(\.image)
        let image: JSONValue = [
            "Config": .string(OCILayoutReader.location(of: image.config.digest).text),
            "RepoTags": names.isEmpty ? .null : .strings(names.filter { $0.tag != nil }.map(\.familiar)),
            "Layers": .strings(layers.map { OCILayoutReader.location(of: $0.digest).text }),
        ]
        return JSONValue.array([image]).serialised()
    }
}

extension TreePath {
    fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}
