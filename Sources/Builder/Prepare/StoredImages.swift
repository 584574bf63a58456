package import OCI
package import Store
import SystemPackage

/// Images that are in the store, by name.
package struct StoredImages: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// The image of a name for a platform; `nil` if the store does not know the name.
    ///
    /// What the store names but does not hold whole is damage, not absence.
    package func image(_ name: Reference, _ platform: Platform) throws(ImageError) -> ImportedImage? {
        guard let root = try root(of: name) else { return nil }
        return try image(root, name: name.familiar, names: [name], platform)
    }

    /// The image whose manifest, or the index over it, a name stands for; `nil` if none does.
    package func image(named digest: Digest, _ platform: Platform) throws(ImageError) -> ImportedImage? {
        let entry = try ImageError.store { () throws(StoreError) in
            try store.names.list().first { $0.descriptor.digest == digest }
        }
        guard let entry else { return nil }
        return try image(entry.descriptor, name: entry.name.familiar, names: [entry.name], platform)
    }

    /// The image whose manifest, or the index over it, has a digest, with a name or without; `nil` if the store has none.
    package func image(_ digest: Digest, _ platform: Platform) throws(ImageError) -> ImportedImage? {
        if let named = try image(named: digest, platform) { return named }
        guard let root = try document(digest) else { return nil }
        return try image(root, name: "\(digest)", names: [], platform)
    }

    /// A manifest or an index among the blobs; `nil` if the digest is that of something else, or of nothing.
    private func document(_ digest: Digest) throws(ImageError) -> Descriptor? {
        let size = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: digest) }
        guard let size, size <= DocumentLimit.manifest else { return nil }
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(digest) }
        let type = (try? Manifest(parsing: bytes))?.mediaType ?? (try? ImageIndex(parsing: bytes))?.mediaType
        return type.map { Descriptor(mediaType: $0, digest: digest, size: size) }
    }

    /// The platforms of what a name stands for; empty where the index does not say, or for a single image.
    package func platforms(of root: Descriptor) throws(ImageError) -> [Platform] {
        guard root.mediaType.isIndex else { return [] }
        let files = StoreFiles(store: store)
        let place = OCILayoutReader.location(of: root.digest)
        let bytes = try files.required(root, at: place)
        let index = try files.read(place) { () throws(OCIError) in try ImageIndex(parsing: bytes) }
        return index.manifests.filter { !$0.isAttestation }.compactMap(\.platform)
    }

    /// The image of a manifest, whatever name it has or had.
    package func image(manifest digest: Digest, name: String) throws(ImageError) -> BaseImage {
        let bytes = try ImageError.store { () throws(StoreError) in
            try store.blobs.read(digest, limit: Int(DocumentLimit.manifest))
        }
        let files = StoreFiles(store: store)
        let manifest = try files.read(OCILayoutReader.location(of: digest)) { () throws(OCIError) in
            try Manifest(parsing: bytes)
        }
        let config = try files.required(
            manifest.config, at: OCILayoutReader.location(of: manifest.config.digest), limit: DocumentLimit.config)
        let platform = try files.read(OCILayoutReader.location(of: manifest.config.digest)) { () throws(OCIError) in
            try ImageConfig(parsing: config).platform
        }
        let root = Descriptor(mediaType: manifest.mediaType, digest: digest, size: Int64(bytes.count))
        return try image(root, name: name, names: [], platform).base
    }

    /// What a name stands for; `nil` if the store does not know it. A digest alone names any image that the store has.
    func root(of name: Reference) throws(ImageError) -> Descriptor? {
        let named = try ImageError.store { () throws(StoreError) in try store.names.resolve(name) }
        if let named { return named }
        guard let digest = name.digest else { return nil }
        // `name:tag@sha256:…` means the digest; the tag is for people.
        return try ImageError.store { () throws(StoreError) in
            try store.names.list().first { $0.descriptor.digest == digest }?.descriptor
        }
    }

    private func image(
        _ root: Descriptor, name: String, names: [Reference], _ platform: Platform
    ) throws(ImageError) -> ImportedImage {
        let files = StoreFiles(store: store)
        let selection = try OCILayoutReader(files: files, platform: platform).select(
            root, names: names, extent: .chosenPlatform)
        let image = selection.image
        guard let manifest = image.manifest else { throw .store(.missing(root.digest)) }
        let layers = image.layers.compactMap { layer in
            layer.descriptor.map { BaseImage.Layer(diffID: layer.diffID, descriptor: $0) }
        }
        let base = BaseImage(
            name: name, config: image.config, layers: layers, manifestDigest: manifest.descriptor.digest)
        return ImportedImage(
            base: base, root: root, names: names,
            blobs: [manifest.descriptor.digest, Digest.of(image.configBytes)] + layers.map(\.descriptor.digest))
    }
}

/// The store as a source: it is an OCI layout itself.
private struct StoreFiles: ImageFiles {
    let store: Store

    var place: String { store.path.string }

    /// What is wrong with an image of the store is damage if a blob is not what its name says, or if a bit has flipped in
    /// what leads to it. Otherwise somebody has put something there that is no image.
    func refusal(_ code: String, _ name: TreePath, _ reason: String) -> ImageError {
        let rejection = ImageError.rejected(code, place(of: name), reason)
        guard ["image-blob-digest", "image-blob-size", "image-media-type", "image-document"].contains(code) else {
            return rejection
        }
        do throws(StoreError) {
            if let digest = Digest(hex: String(decoding: name.name, as: UTF8.self)), try !store.blobs.verify(digest) {
                return .store(.damaged(store.blobs.path(of: digest), why: reason))
            }
            return try store.names.damage(reason).map(ImageError.store) ?? rejection
        } catch {
            return .store(error)
        }
    }

    func open(_ name: TreePath) throws(ImageError) -> SourceFile? {
        guard let digest = Digest(hex: String(decoding: name.name, as: UTF8.self)) else { return nil }
        let size = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: digest) }
        guard let size else { throw .store(.missing(digest)) }
        let file = try ImageError.store { () throws(StoreError) in try store.blobs.open(digest) }
        return SourceFile(file: file, offset: 0, size: size)
    }
}
