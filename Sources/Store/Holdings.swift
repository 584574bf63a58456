package import OCI

/// What names and kept containers need.
struct Holdings: Hashable, Sendable {
    /// Indexes, manifests, configurations, and the layers as the manifests name them.
    var blobs: Set<Digest> = []
    /// The same layers by what they hold.
    var layers: Set<DiffID> = []
}

extension Store {
    /// Reads the documents from the names down.
    ///
    /// A document that is not there holds nothing. One that is damaged is an error: what it named must not be taken for
    /// something that nobody needs.
    func holdings() throws(StoreError) -> Holdings {
        var holdings = Holdings()
        for descriptor in try names.index().manifests {
            try add(descriptor.digest, descriptor.mediaType, to: &holdings)
        }
        for container in try containers.list() { try add(container.record.manifest, .manifest, to: &holdings) }
        return holdings
    }

    /// What a name for this would hold: the blobs that have to be on the disk before it is given.
    package func blobs(heldBy descriptor: Descriptor) throws(StoreError) -> Set<Digest> {
        var holdings = Holdings()
        try add(descriptor.digest, descriptor.mediaType, to: &holdings)
        return holdings.blobs
    }

    private func add(_ digest: Digest, _ type: MediaType, to holdings: inout Holdings) throws(StoreError) {
        guard holdings.blobs.insert(digest).inserted, type.isIndex || type.isManifest,
            try blobs.contains(digest)
        else { return }
        let bytes = try blobs.read(digest)
        if type.isIndex {
            let index = try document(digest) { () throws(OCIError) in try ImageIndex(parsing: bytes) }
            for manifest in index.manifests { try add(manifest.digest, manifest.mediaType, to: &holdings) }
        } else {
            let manifest = try document(digest) { () throws(OCIError) in try Manifest(parsing: bytes) }
            holdings.blobs.insert(manifest.config.digest)
            holdings.blobs.formUnion(manifest.layers.map(\.digest))
            guard manifest.config.mediaType.isConfig, try blobs.contains(manifest.config.digest) else { return }
            let text = try blobs.read(manifest.config.digest)
            let config = try document(manifest.config.digest) { () throws(OCIError) in try ImageConfig(parsing: text) }
            holdings.layers.formUnion(config.diffIDs)
        }
    }

    private func document<Value>(_ digest: Digest, _ parse: () throws(OCIError) -> Value) throws(StoreError) -> Value {
        do { return try parse() } catch { throw .damaged(blobs.path(of: digest), why: error.description) }
    }
}
