package import Linux
package import OCI
import Registry
package import Store
package import SystemPackage

/// Writes an image that is in the store to another place.
package struct ImageCopier {
    /// Where an image goes, by the names that skopeo and podman give such places.
    package enum Destination: Hashable, Sendable {
        /// `docker://`
        case registry(Reference)
        /// `oci:`
        case ociFolder(FilePath, LayoutName?)
        /// `oci-archive:`
        case ociArchive(FilePath, LayoutName?)
        /// `docker-archive:`
        case dockerArchive(FilePath, Reference?)
        /// `dir:`
        case directory(FilePath)
        /// `rootfs:`, as a folder
        case rootfsFolder(FilePath)
        /// `rootfs:`, as a tar
        case rootfsArchive(FilePath)
        /// A name of the store.
        case name(Reference)
    }

    private let store: Store
    private let access: RegistryAccess
    private let threads: Int
    private let persistence: Persistence

    package init(store: Store, access: RegistryAccess, threads: Int, persistence: Persistence = .disk) {
        self.store = store
        self.access = access
        self.threads = threads
        self.persistence = persistence
    }

    /// Takes an image into the store, unless it is there: that of a platform, or without one all that its source has.
    package func take(_ source: ImageSource, for platform: Platform?) throws(ImageError) -> CopiedImage {
        if case .name(let text) = source, let name = Reference(text), let stored = try stored(name, for: platform) {
            return stored
        }
        let importer = ImageImporter(store: store, platform: platform ?? .host, threads: threads, registries: access)
        let taken = try importer.read(source, extent: platform == nil ? .everything : .chosenPlatform)
        let image =
            platform == nil ? try whole(taken.root) : BuiltImage(try assembled(taken.base.manifestDigest, taken.root))
        return CopiedImage(image: image, names: taken.names)
    }

    /// An image that has a name in the store: that of a platform, or without one all that the name stands for; `nil` if
    /// the store does not know the name.
    package func stored(_ name: Reference, for platform: Platform?) throws(ImageError) -> CopiedImage? {
        let images = StoredImages(store: store)
        guard let platform else {
            guard let root = try images.root(of: name) else { return nil }
            return CopiedImage(image: try whole(root), names: [name])
        }
        guard let found = try images.image(name, platform) else { return nil }
        return CopiedImage(
            image: BuiltImage(try assembled(found.base.manifestDigest, found.root)), names: [name])
    }

    /// - Returns: the digest of what is there now.
    package func copy(_ copied: CopiedImage, to destination: Destination) throws(ImageError) -> Digest {
        let image = copied.image
        switch destination {
        case .registry(let name): try RegistryExporter(store: store, access: access).push(image.root, as: name)
        case .name(let name):
            try ImageError.store { () throws(StoreError) in
                try store.names.set(name, to: image.root, holding: image.blobs.map(\.digest))
            }
        case .ociFolder(let path, let name): try write(copied, .ociFolder, path, name)
        case .ociArchive(let path, let name): try write(copied, .oci, path, name)
        case .directory(let path):
            let only = try only(image, "dir:")
            try ImageExporter.inFolder(path, persistence) { folder throws(ImageError) in
                try DirectoryFolder(store: store).write(only, into: folder)
            }
            return only.manifest.digest
        case .dockerArchive(let path, let name):
            let only = try only(image, "docker-archive:")
            try write(
                CopiedImage(image: BuiltImage(only), names: copied.names), .docker, path, name.map(LayoutName.init))
            return only.manifest.digest
        case .rootfsFolder(let path): return try writeFiles(of: image, .local, path)
        case .rootfsArchive(let path): return try writeFiles(of: image, .tar, path)
        }
        return image.root.digest
    }

    private func writeFiles(
        of image: BuiltImage, _ form: Output.Form, _ path: FilePath
    ) throws(ImageError) -> Digest {
        let only = try only(image, "rootfs:")
        try write(CopiedImage(image: BuiltImage(only), names: []), form, path, nil)
        return only.manifest.digest
    }

    private func write(
        _ copied: CopiedImage, _ form: Output.Form, _ path: FilePath, _ name: LayoutName?
    ) throws(ImageError) {
        let exporter = ImageExporter(
            store: store, encoder: LayerEncoder(store: store, choice: CompressionChoice(), threads: threads),
            snapshots: SnapshotProvider(store: store, threads: threads), persistence: persistence)
        _ = try exporter.export(
            copied.image, named: name.map { [$0] } ?? copied.names.map(LayoutName.init),
            to: Output(form: form, destination: .path(path)))
    }

    /// The only image that there is, for a place that holds no more.
    private func only(_ image: BuiltImage, _ place: String) throws(ImageError) -> AssembledImage {
        if image.images.count == 1, let only = image.images.first { return only }
        let platforms = image.images.compactMap(\.manifest.platform?.description).joined(separator: "`, `")
        throw .usage(
            "`\(place)` holds the image of one platform, and there are those of `\(platforms)`; name one with `--platform`"
        )
    }

    /// Everything that a descriptor stands for.
    private func whole(_ root: Descriptor) throws(ImageError) -> BuiltImage {
        guard root.mediaType.isIndex else { return BuiltImage(try assembled(root.digest, root)) }
        let contents = try PushedImage(root, in: store)
        let images = try contents.images.map { image throws(ImageError) in try assembled(image.digest, image) }
        return BuiltImage(
            index: root, over: images, besides: contents.documents.map(\.descriptor) + contents.blobs)
    }

    /// The image of a manifest; what `named` says about it stays said if it is the one that is named.
    private func assembled(_ digest: Digest, _ named: Descriptor) throws(ImageError) -> AssembledImage {
        let bytes = try ImageError.store { () throws(StoreError) in try store.blobs.read(digest) }
        let base = try StoredImages(store: store).image(manifest: digest, name: "\(digest)")
        let manifest: Manifest
        do { manifest = try Manifest(parsing: bytes) } catch {
            throw .store(.damaged(store.blobs.path(of: digest), why: error.description))
        }
        var descriptor = Descriptor(
            mediaType: manifest.mediaType, digest: digest, size: Int64(bytes.count), platform: base.config.platform)
        if named.digest == digest {
            descriptor.platform = named.platform ?? base.config.platform
            descriptor.annotations = named.annotations
        }
        return AssembledImage(
            manifest: descriptor, config: manifest.config, layers: manifest.layers, diffIDs: base.config.diffIDs)
    }
}
