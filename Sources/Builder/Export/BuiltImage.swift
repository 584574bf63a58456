package import OCI
import Store

/// What a build makes: an image for one platform, or the images for several under one index.
package struct BuiltImage: Hashable, Sendable {
    /// Names the only image's manifest, or the index.
    package let root: Descriptor
    /// In the order of the index.
    package let images: [AssembledImage]
    /// What the index holds besides: attestations, indexes below it.
    private let companions: [Descriptor]

    /// An image for one platform.
    package init(_ image: AssembledImage) {
        root = image.manifest
        images = [image]
        companions = []
    }

    /// Images under an index that is in the store already, as is everything else that it holds.
    package init(index: Descriptor, over images: [AssembledImage], besides companions: [Descriptor] = []) {
        root = index
        self.images = images
        self.companions = companions
    }

    /// Puts an index over images; a single one needs none.
    static func assemble(
        _ images: [AssembledImage], _ annotations: ImageAnnotations, in store: Store
    ) throws(ImageError) -> BuiltImage {
        if images.count == 1, let only = images.first { return BuiltImage(only) }
        let bytes = ImageIndex(manifests: images.map(\.manifest), annotations: annotations.document).serialised()
        let digest = try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
        let index = Descriptor(
            mediaType: .index, digest: digest, size: Int64(bytes.count), annotations: annotations.descriptor)
        return BuiltImage(index: index, over: images)
    }

    /// The image, if it is for one platform and nothing is over it.
    package var single: AssembledImage? { root.mediaType.isIndex ? nil : images.first }

    /// How many layers there are and what they take as they are shipped; one that images share counts once.
    package var layers: [Descriptor] {
        var seen: Set<Digest> = []
        return images.count == 1
            ? images.flatMap(\.layers) : images.flatMap(\.layers).filter { seen.insert($0.digest).inserted }
    }

    /// Every blob, each once.
    package var blobs: [Descriptor] {
        var seen: Set<Digest> = []
        return ([root] + images.flatMap(\.blobs) + companions).filter { seen.insert($0.digest).inserted }
    }
}
