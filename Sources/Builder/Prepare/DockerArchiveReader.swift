import OCI

/// Finds images in what `docker save` writes: `manifest.json` names the configuration and the layers of each.
///
/// Newer and older forms of the archive differ in where the files lie; only what `manifest.json` says counts.
struct DockerArchiveReader {
    static let marker = TreePath(normalising: "manifest.json")

    let files: any ImageFiles
    let platform: Platform

    private struct Entry {
        let config: TreePath
        let tags: [String]
        let layers: [TreePath]
    }

    /// Chooses the image that `reference` names, or the only one.
    func select(_ reference: String?) throws(ImageError) -> FoundSelection {
        let entries = try entries()
        let chosen: [Entry]
        if let place = reference?.sourceIndex {
            guard entries.indices.contains(place) else {
                throw files.refusal(
                    "image-name-unknown", Self.marker, "it has \(entries.count) images, counted from @0")
            }
            chosen = [entries[place]]
        } else if let reference {
            let full = Reference(reference)
            chosen = entries.filter { entry in
                entry.tags.contains { $0 == reference || full != nil && Reference($0) == full }
            }
            guard !chosen.isEmpty else {
                let known = entries.flatMap(\.tags).joined(separator: "`, `")
                throw files.refusal(
                    "image-name-unknown", Self.marker,
                    "it has no image `\(reference)`" + (known.isEmpty ? "" : "; it has `\(known)`"))
            }
        } else {
            chosen = entries
        }
        var images: [(entry: Entry, image: FoundImage)] = []
        for entry in chosen { images.append((entry, try image(of: entry))) }
        if images.count > 1 { images = images.filter { platform.accepts($0.image.config.platform) } }
        guard images.count == 1, let (entry, image) = images.first else {
            let known = chosen.map { $0.tags.first ?? "<none>" }.joined(separator: "`, `")
            throw files.refusal(
                "image-ambiguous", Self.marker,
                "several images could be meant: `\(known)`; say which one after a colon")
        }
        return FoundSelection(files: files, image: image, index: nil, names: entry.tags.compactMap { Reference($0) })
    }

    private func entries() throws(ImageError) -> [Entry] {
        let bytes = try files.required(Self.marker)
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw files.refusal("image-document", Self.marker, error.description)
        }
        guard let list = value.array, !list.isEmpty, list.count <= 1_000 else {
            throw files.refusal("image-empty", Self.marker, "it is no list of images")
        }
        var entries: [Entry] = []
        for element in list { entries.append(try entry(element)) }
        return entries
    }

    private func entry(_ value: JSONValue) throws(ImageError) -> Entry {
        guard let object = value.object, let config = object["Config"]?.string,
            let layers = object["Layers"]?.strings
        else {
            throw files.refusal("image-document", Self.marker, "an image has no `Config` or no `Layers`")
        }
        let tags = object["RepoTags"] ?? .null
        guard tags == .null || tags.strings != nil else {
            throw files.refusal("image-document", Self.marker, "`RepoTags` is no list of names")
        }
        var paths: [TreePath] = []
        for layer in layers { paths.append(try path(layer)) }
        return Entry(config: try path(config), tags: tags.strings ?? [], layers: paths)
    }

    /// A name of a member, which must lie in the archive.
    private func path(_ text: String) throws(ImageError) -> TreePath {
        let bytes = Array(text.utf8)
        let leadsOut = bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
        guard !bytes.isEmpty, bytes.first != UInt8(ascii: "/"), !leadsOut, !bytes.contains(0) else {
            throw files.refusal("image-document", Self.marker, "`\(text)` is no name of a member")
        }
        return TreePath(normalising: bytes)
    }

    private func image(of entry: Entry) throws(ImageError) -> FoundImage {
        let bytes = try files.required(entry.config, limit: DocumentLimit.config)
        let config = try files.read(entry.config) { () throws(OCIError) in try ImageConfig(parsing: bytes) }
        // A name of 64 digits is the digest of what bears it, as every writer but go-containerregistry spells it.
        let digits = String(decoding: entry.config.name, as: UTF8.self).prefix { $0 != "." }
        if let digest = Digest(hex: digits) ?? Digest(digits), digest != Digest.of(bytes) {
            throw files.refusal("image-blob-digest", entry.config, "the contents are not those that it is named after")
        }
        return try FoundImage(
            manifest: nil, configBytes: bytes, config: config, configName: entry.config, files: files,
            layers: entry.layers.map { ($0, nil) })
    }
}
