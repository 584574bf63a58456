import OCI
import Registry
import Store

/// Gives names to images that came from registries one platform at a time.
struct StoredPlatforms {
    let store: Store

    /// Names a pulled image. An image for another platform that has the name already keeps it too, under an index of our
    /// own, if the registry's index names both: then they are one image.
    func name(_ name: Reference, _ image: ImportedImage) throws(ImageError) {
        let others = try others(of: name).filter { image.siblings.contains($0.digest) }
        guard !others.isEmpty else {
            return try set(name, image.root, image.blobs)
        }
        let manifests = (others + [image.root]).sorted { Self.platform($0) < Self.platform($1) }
        let bytes = ImageIndex(manifests: manifests).serialised()
        let digest = try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
        let index = Descriptor(mediaType: .index, digest: digest, size: Int64(bytes.count))
        let contents = try PushedImage(index, in: store)
        try set(name, index, contents.documents.map(\.descriptor.digest) + contents.blobs.map(\.digest))
    }

    /// The manifests that a name stands for.
    private func others(of name: Reference) throws(ImageError) -> [Descriptor] {
        let root = try ImageError.store { () throws(StoreError) in try store.names.resolve(name) }
        guard let root else { return [] }
        guard root.mediaType.isIndex else { return root.platform == nil ? [] : [root] }
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(root.digest) }
        do throws(OCIError) { return try ImageIndex(parsing: bytes).manifests } catch {
            throw .store(.damaged(store.blobs.path(of: root.digest), why: error.description))
        }
    }

    private static func platform(_ descriptor: Descriptor) -> String { descriptor.platform?.description ?? "" }

    private func set(_ name: Reference, _ root: Descriptor, _ blobs: [Digest]) throws(ImageError) {
        try ImageError.store { () throws(StoreError) in try store.names.set(name, to: root, holding: blobs) }
    }
}
