import OCI
import Registry
import Store

/// Everything below a manifest or an index, in the order in which it has to arrive somewhere.
struct PushedImage {
    private static let maximumDepth = 4

    /// Layers and configurations, each once.
    private(set) var blobs: [Descriptor] = []
    /// Manifests before the indexes that name them, each once; the root is the last.
    private(set) var documents: [RegistryClient.Document] = []
    /// The images among them, in the order in which indexes name them.
    private(set) var images: [Descriptor] = []

    private var blobDigests: Set<Digest> = []
    private var documentDigests: Set<Digest> = []

    /// Reads the documents; all of them are in the store, or it is damaged.
    init(_ root: Descriptor, in store: Store) throws(ImageError) {
        try add(root, store, depth: 0)
    }

    /// Any number of indexes may name the same document, and be named by as many: it is looked into once.
    private mutating func add(_ descriptor: Descriptor, _ store: Store, depth: Int) throws(ImageError) {
        guard documentDigests.insert(descriptor.digest).inserted else { return }
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(descriptor.digest) }
        do throws(OCIError) {
            if descriptor.mediaType.isManifest {
                let manifest = try Manifest(parsing: bytes)
                if !descriptor.isAttestation { images.append(descriptor) }
                for blob in [manifest.config] + manifest.layers where blobDigests.insert(blob.digest).inserted {
                    blobs.append(blob)
                }
            }
        } catch {
            throw .store(.damaged(store.blobs.path(of: descriptor.digest), why: error.description))
        }
        if descriptor.mediaType.isIndex {
            guard depth < Self.maximumDepth, let index = try? ImageIndex(parsing: bytes) else {
                throw .store(.damaged(store.blobs.path(of: descriptor.digest), why: "it is no index"))
            }
            for child in index.manifests { try add(child, store, depth: depth + 1) }
        }
        let plain = Descriptor(
            mediaType: descriptor.mediaType, digest: descriptor.digest, size: Int64(bytes.count))
        documents.append(RegistryClient.Document(descriptor: plain, bytes: bytes))
    }
}
