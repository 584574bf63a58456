import Linux
import OCI
import Store

/// Makes a tar of an image: an OCI layout, what `docker load` reads, or both in one.
struct LayoutExporter {
    let store: Store
    let encoder: LayerEncoder

    /// The archive of a form, as a value. Docker's `manifest.json` knows no platforms: it is there for one image alone.
    func archive(
        of image: BuiltImage, named names: [LayoutName], as form: Output.Form
    ) throws(ImageError) -> LayoutArchive {
        if form == .docker, let image = image.single { return try dockerArchive(of: image, named: names) }
        var archive = LayoutArchive()
        archive.add("oci-layout", .bytes(LayoutDocuments.marker))
        archive.add("index.json", .bytes(LayoutDocuments.index(image.root, names: names)))
        if form == .image, let image = image.single {
            archive.add("manifest.json", .bytes(LayoutDocuments.dockerManifest(image, image.layers, names: names)))
        }
        archive.add(image.blobs)
        return archive
    }

    private func dockerArchive(
        of image: AssembledImage, named names: [LayoutName]
    ) throws(ImageError) -> LayoutArchive {
        var layers: [Descriptor] = []
        for (layer, diffID) in zip(image.layers, image.diffIDs) {
            layers.append(try encoder.dockerDescriptor(of: layer, diffID: diffID))
        }
        var archive = LayoutArchive()
        archive.add("manifest.json", .bytes(LayoutDocuments.dockerManifest(image, layers, names: names)))
        archive.add([image.config] + layers)
        return archive
    }

    /// Writes an archive into an open file.
    func write(
        _ archive: LayoutArchive, to file: borrowing File, for persistence: Persistence, progress: (Int64) -> Void
    ) throws(ImageError) {
        try archive.write(
            to: file, for: persistence,
            open: { digest throws(ImageError) in
                try ImageError.store { () throws(StoreError) in try store.blobs.open(digest) }
            }, failure: ImageError.system, progress: progress)
    }
}

extension LayoutArchive {
    fileprivate mutating func add(_ blobs: [Descriptor]) {
        for blob in blobs { add(OCILayoutReader.location(of: blob.digest), .blob(blob.digest, size: blob.size)) }
    }
}
