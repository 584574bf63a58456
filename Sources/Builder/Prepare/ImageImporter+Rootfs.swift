import Layers
import Linux
import OCI
import Store
import SystemPackage

extension ImageImporter {
    /// Makes an image of one layer from a folder of files. The same files make the same image, wherever they lie.
    func importRootfs(folder path: FilePath) throws(ImageError) -> ImportedImage {
        try importRootfs(path.string) { writer throws(ImageError) in
            do throws(LayerError) {
                var packer = TreePacker(try MergedTree(layers: [path]))
                try packer.pack(into: &writer)
                return packer.newest
            } catch {
                throw ImageError.reading(error, path.string)
            }
        }
    }

    /// Makes an image of one layer from a tar of files: the entries are brought into the form that our layers have.
    func importRootfs(archive: ArchiveFiles) throws(ImageError) -> ImportedImage {
        try importRootfs(archive.place) { writer throws(ImageError) in
            let scratch = try scratchFile()
            do throws(LayerError) {
                var packer = RootfsPacker(limits: limits, scratch: scratch)
                try packer.pack(archive.file, into: &writer)
                return packer.newest
            } catch {
                throw ImageError.reading(error, archive.place)
            }
        }
    }

    /// `pack` writes the layer and returns the latest time in it.
    private func importRootfs(
        _ name: String, _ pack: (inout LayerWriter) throws(ImageError) -> Int64?
    ) throws(ImageError) -> ImportedImage {
        let blob = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        let output = try ImageError.store { () throws(StoreError) in try blob.output() }
        var writer: LayerWriter
        do { writer = try LayerWriter(into: output, threads: threads) } catch { throw .layer(error) }
        let newest = try pack(&writer)
        let written: WrittenLayer
        do { written = try writer.finish() } catch { throw .layer(error) }
        let encoded = EncodedLayer(written, .standard)
        do throws(StoreError) {
            try blob.commit(as: written.digest, size: written.size)
            try store.encodings.add(encoded, of: written.diffID)
        } catch {
            throw .store(error)
        }
        return try wrap(BaseImage.Layer(diffID: written.diffID, descriptor: encoded.descriptor), newest, name)
    }

    private func wrap(
        _ layer: BaseImage.Layer, _ newest: Int64?, _ name: String
    ) throws(ImageError) -> ImportedImage {
        var config = ImageConfig(platform: platform)
        config.created = newest.map { Timestamp.text(seconds: $0) }
        config.diffIDs = [layer.diffID]
        config.history = [History(created: config.created, createdBy: "root file system", emptyLayer: false)]
        let bytes = config.serialised()
        let configDigest = try put(bytes)
        var manifest = try makeManifest(config: bytes, layers: [layer.descriptor])
        manifest.platform = platform
        let base = BaseImage(name: name, config: config, layers: [layer], manifestDigest: manifest.digest)
        return ImportedImage(
            base: base, root: manifest, names: [],
            blobs: [manifest.digest, configDigest, layer.descriptor.digest])
    }
}
