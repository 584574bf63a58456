package import OCI

/// A finished image, whose blobs are all in the store.
package struct AssembledImage: Hashable, Sendable {
    /// Names the manifest, with the image's platform.
    package let manifest: Descriptor
    package let config: Descriptor
    /// Lowest first; the same blob may stand more than once.
    package let layers: [Descriptor]
    /// What the layers hold, in the same order.
    package let diffIDs: [DiffID]

    /// What the image's files are called among those of other platforms: `linux_arm64`.
    var folderName: String {
        String((manifest.platform?.description ?? "unknown").map { $0 == "/" ? "_" : $0 })
    }

    /// Every blob of the image, each once.
    package var blobs: [Descriptor] {
        var seen: Set<Digest> = []
        return ([manifest, config] + layers).filter { seen.insert($0.digest).inserted }
    }
}
