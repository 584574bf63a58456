import Layers
import Linux
import OCI
import Store
import SystemPackage

extension ImageImporter {
    /// Takes a chosen image into the store: layers first, then the documents that name them.
    func take(
        _ selection: FoundSelection, _ extent: Extent, _ path: FilePath
    ) throws(ImageError) -> ImportedImage {
        let files = selection.files
        let (base, manifest) = try take(selection.image, from: files, name: path.string)
        var blobs = try blobs(of: base, manifest)
        var root = manifest
        root.platform = base.config.platform
        if extent != .chosenPlatform, let index = selection.index {
            for other in index.others {
                let (image, manifest) = try take(other, from: files, name: path.string)
                blobs += try self.blobs(of: image, manifest)
            }
            let intake = LayerIntake(store: store, limits: limits)
            for opaque in index.opaque {
                try intake.takeOpaque(opaque.descriptor, at: opaque.file, from: files)
                blobs.append(opaque.descriptor.digest)
            }
            blobs.append(try put(index.document.bytes))
            let document = index.document.descriptor
            root = Descriptor(mediaType: document.mediaType, digest: document.digest, size: document.size)
        }
        return ImportedImage(base: base, root: root, names: selection.names, blobs: blobs)
    }

    private func take(
        _ image: FoundImage, from files: any ImageFiles, name: String
    ) throws(ImageError) -> (BaseImage, Descriptor) {
        let intake = LayerIntake(store: store, limits: limits)
        let layers = try image.layers.mapOnThreads(threads) { layer throws(ImageError) in
            try intake.take(layer, from: files)
        }
        _ = try put(image.configBytes)
        let manifest =
            if let found = image.manifest {
                Descriptor(
                    mediaType: found.descriptor.mediaType, digest: try put(found.bytes), size: found.descriptor.size)
            } else {
                try makeManifest(config: image.configBytes, layers: layers.map(\.descriptor))
            }
        let base = BaseImage(name: name, config: image.config, layers: layers, manifestDigest: manifest.digest)
        return (base, manifest)
    }

    /// Writes the manifest that a source does not have.
    func makeManifest(config: [UInt8], layers: [Descriptor]) throws(ImageError) -> Descriptor {
        let descriptor = Descriptor(mediaType: .config, digest: Digest.of(config), size: Int64(config.count))
        let bytes = Manifest(config: descriptor, layers: layers).serialised()
        return Descriptor(mediaType: .manifest, digest: try put(bytes), size: Int64(bytes.count))
    }

    func put(_ bytes: [UInt8]) throws(ImageError) -> Digest {
        try ImageError.store { () throws(StoreError) in try store.blobs.put(bytes) }
    }

    private func blobs(of image: BaseImage, _ manifest: Descriptor) throws(ImageError) -> [Digest] {
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(manifest.digest) }
        let document: Manifest
        do { document = try Manifest(parsing: bytes) } catch {
            throw .store(.damaged(store.blobs.path(of: manifest.digest), why: error.description))
        }
        return [manifest.digest, document.config.digest] + image.layers.map(\.descriptor.digest)
    }
}
