import Linux
import OCI
import Store

/// Makes a tar of an image: an OCI layout, what `docker load` reads, or both in one.
struct LayoutExporter {
    let store: Store
    let encoder: LayerEncoder

    /// The archive of a form, as a value.
    func archive(
        of image: AssembledImage, named names: [Reference], as form: Output.Form
    ) throws(ImageError) -> LayoutArchive {
        var layers = image.layers
        if form == .docker {
            layers = []
            for (layer, diffID) in zip(image.layers, image.diffIDs) {
                layers.append(try encoder.dockerDescriptor(of: layer, diffID: diffID))
            }
        }
        var archive = LayoutArchive()
        var blobs = [image.config] + layers
        if form != .docker {
            blobs.append(image.manifest)
            archive.add("oci-layout", .bytes(LayoutDocuments.marker))
            archive.add("index.json", .bytes(LayoutDocuments.index(image.manifest, names: names)))
        }
        if form != .oci {
            let manifest = LayoutDocuments.dockerManifest(
                config: image.config.digest, layers: layers.map(\.digest), names: names)
            archive.add("manifest.json", .bytes(manifest))
        }
        for blob in blobs { archive.add(LayoutDocuments.location(blob.digest), .blob(blob.digest, size: blob.size)) }
        return archive
    }

    /// Writes an archive into an open file.
    func write(
        _ archive: LayoutArchive, to file: borrowing File, progress: (Int64) -> Void
    ) throws(ImageError) {
        try archive.write(
            to: file,
            open: { digest throws(ImageError) in
                try ImageError.store { () throws(StoreError) in try store.blobs.open(digest) }
            }, failure: ImageError.system, progress: progress)
    }
}
