package import OCI
package import Store
package import SystemPackage

/// Writes an image that is in the store to another place.
package struct ImageCopier {
    /// Where an image goes, by the names that skopeo and podman give such places.
    package enum Destination: Hashable, Sendable {
        /// `docker://`
        case registry(Reference)
        /// `oci:`
        case ociFolder(FilePath, Reference?)
        /// `oci-archive:`
        case ociArchive(FilePath, Reference?)
        /// `docker-archive:`
        case dockerArchive(FilePath, Reference?)
        /// `dir:`
        case directory(FilePath)
        /// A name of the store.
        case name(Reference)
    }

    private let store: Store
    private let access: RegistryAccess
    private let threads: Int

    package init(store: Store, access: RegistryAccess, threads: Int) {
        self.store = store
        self.access = access
        self.threads = threads
    }

    package func copy(_ image: ImportedImage, to destination: Destination) throws(ImageError) {
        switch destination {
        case .registry(let name): _ = try RegistryExporter(store: store, access: access).push(image.root, as: name)
        case .name(let name):
            try ImageError.store { () throws(StoreError) in
                try store.names.set(name, to: image.root, holding: image.blobs)
            }
        case .ociFolder(let path, let name): try write(image, .ociFolder, path, name)
        case .ociArchive(let path, let name): try write(image, .oci, path, name)
        case .directory(let path):
            let image = try assembled(image.base)
            try ImageExporter.inFolder(path) { folder throws(ImageError) in
                try DirectoryFolder(store: store).write(image, into: folder)
            }
        case .dockerArchive(let path, let name): try write(image, .docker, path, name)
        }
    }

    /// The platform's image alone: an archive that is to be read everywhere holds one.
    private func write(
        _ image: ImportedImage, _ form: Output.Form, _ path: FilePath, _ name: Reference?
    ) throws(ImageError) {
        let exporter = ImageExporter(
            store: store, encoder: LayerEncoder(store: store, choice: CompressionChoice(), threads: threads),
            snapshots: SnapshotProvider(store: store, threads: threads))
        _ = try exporter.export(
            BuiltImage(try assembled(image.base)), named: name.map { [$0] } ?? image.names,
            to: Output(form: form, destination: .path(path)))
    }

    private func assembled(_ base: BaseImage) throws(ImageError) -> AssembledImage {
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(base.manifestDigest) }
        let manifest: Manifest
        do { manifest = try Manifest(parsing: bytes) } catch {
            throw .store(.damaged(store.blobs.path(of: base.manifestDigest), why: error.description))
        }
        return AssembledImage(
            manifest: Descriptor(
                mediaType: manifest.mediaType, digest: base.manifestDigest, size: Int64(bytes.count),
                platform: base.config.platform),
            config: manifest.config, layers: manifest.layers, diffIDs: base.config.diffIDs)
    }
}
