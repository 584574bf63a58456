import Frontend
import Layers
import Linux
import OCI
import Store

/// Writes what the steps of a build produced to places where other machines find it.
struct CacheExporter {
    let store: Store
    let compression: Compression
    let persistence: Persistence
    let registries: RegistryAccess?
    let interruption: Interruption
    let events: EventSink

    /// Only what a place does not have yet is written there.
    func export(
        _ steps: [Step], _ results: [StepID: StepResult], of images: [PlannedImage],
        _ mounts: [CacheMountExport.Mount], to target: CacheTarget
    ) throws(ImageError) {
        let inImage = Set(images.flatMap(\.history).compactMap(\.step))
        let wanted = steps.filter { target.extent == .max || inImage.contains($0.id) }
        var document = try document(wanted, results)
        guard !mounts.isEmpty else { return try write(document, to: target, besides: []) }
        // What is there and cannot be read is made again.
        let place = (try? CachePlace(target.location, registries)) ?? nil
        try add(mounts, at: place, to: &document, target)
        let elsewhere = try packsElsewhere(document)
        do throws(ImageError) {
            try write(document, to: target, besides: elsewhere)
        } catch {
            guard !elsewhere.isEmpty, error != .interrupted else { throw error }
            // A place that has lost what its own document names wants everything again.
            try add(mounts, at: nil, to: &document, target)
            try write(document, to: target, besides: [])
        }
    }

    /// The packs that are not in the store: the place's own document names them.
    private func packsElsewhere(_ document: CacheDocument) throws(ImageError) -> Set<Digest> {
        var elsewhere: Set<Digest> = []
        for pack in document.packs {
            let size = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: pack.digest) }
            if size == nil { elsewhere.insert(pack.digest) }
        }
        return elsewhere
    }

    private func add(
        _ mounts: [CacheMountExport.Mount], at place: CachePlace?, to document: inout CacheDocument,
        _ target: CacheTarget
    ) throws(ImageError) {
        let export = CacheMountExport(
            store: store, choice: target.mounts, interruption: interruption, events: events)
        let part = try export.document(of: mounts, at: place)
        (document.packs, document.mounts) = (part.packs, part.mounts)
    }

    private func write(
        _ document: CacheDocument, to target: CacheTarget, besides elsewhere: Set<Digest>
    ) throws(ImageError) {
        let artifact = try artifact(of: document)
        switch target.location {
        case .folder(let path):
            try ImageExporter.inFolder(path, persistence) { folder throws(ImageError) in
                try LayoutFolder(store: store, persistence: persistence)
                    .write(BuiltImage(artifact), named: [], into: folder)
            }
        case .registry(let name):
            guard let registries else { throw .usage("nothing is pushed here") }
            try RegistryExporter(store: store, access: registries)
                .push(artifact.manifest, as: name, besides: elsewhere)
        }
    }

    private func document(_ steps: [Step], _ results: [StepID: StepResult]) throws(ImageError) -> CacheDocument {
        var document = CacheDocument()
        var listed: Set<DiffID> = []
        for step in steps {
            guard let result = results[step.id], let key = result.keys.first else { continue }
            let record = try ImageError.store { () throws(StoreError) in try store.cache.lookup(key) }
            guard let record else { continue }
            if let layer = record.layer, listed.insert(layer).inserted {
                guard let encoded = try encoding(of: layer) else { continue }
                document.layers.append(CacheDocument.Layer(layer: layer, encoded: encoded))
            }
            document.entries.append(CacheDocument.Entry(keys: result.keys, record: record))
        }
        return document
    }

    /// The blob that an image of this build has for the layer, or any other; `nil` if none is left.
    private func encoding(of layer: DiffID) throws(ImageError) -> EncodedLayer? {
        let known = try ImageError.store { () throws(StoreError) in try store.encodings.encodings(of: layer) }
        return known.first { $0.isOurs(compression) } ?? known.first
    }

    /// The document and the layers as an image that is no image of a container.
    private func artifact(of document: CacheDocument) throws(ImageError) -> AssembledImage {
        let bytes = document.serialised()
        let layers = document.blobs
        let config = Descriptor(
            mediaType: CacheDocument.mediaType, digest: try put(bytes), size: Int64(bytes.count))
        let manifestBytes = Manifest(config: config, layers: layers).serialised()
        let manifest = Descriptor(
            mediaType: .manifest, digest: try put(manifestBytes), size: Int64(manifestBytes.count))
        return AssembledImage(
            manifest: manifest, config: config, layers: layers, diffIDs: document.layers.map(\.layer))
    }

    private func put(_ bytes: [UInt8]) throws(ImageError) -> Digest {
        try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
    }
}
