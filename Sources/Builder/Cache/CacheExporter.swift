import Frontend
import Layers
import Linux
import OCI
import Store

/// Writes what the steps of a build produced to places where other machines find it.
struct CacheExporter {
    let store: Store
    let compression: Compression
    let registries: RegistryAccess?

    /// Only what a place does not have yet is written there.
    func export(
        _ steps: [Step], _ results: [StepID: StepResult], of images: [PlannedImage], to target: CacheTarget
    ) throws(ImageError) {
        let inImage = Set(images.flatMap(\.history).compactMap(\.step))
        let wanted = steps.filter { target.extent == .max || inImage.contains($0.id) }
        let artifact = try artifact(of: try document(wanted, results))
        switch target.location {
        case .folder(let path):
            try ImageExporter.inFolder(path) { folder throws(ImageError) in
                try LayoutFolder(store: store).write(BuiltImage(artifact), named: [], into: folder)
            }
        case .registry(let name):
            guard let registries else { throw .usage("nothing is pushed here") }
            _ = try RegistryExporter(store: store, access: registries).push(artifact.manifest, as: name)
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
        let layers = document.layers.map(\.encoded.descriptor)
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
