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
        archive.add(layers: image.layers)
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
        archive.add(layers: layers)
        archive.add("manifest.json", .bytes(LayoutDocuments.dockerManifest(image, layers, names: names)))
        archive.add([image.config])
        return archive
    }

    /// Writes what is missing of an archive into a file that begins with some of it.
    func write(
        _ archive: LayoutArchive, to output: borrowing BegunOutput, for persistence: Persistence,
        progress: (Int64) -> Void
    ) throws(ImageError) {
        let members = archive.members
        let begun = members[..<output.members].reduce(0) { $0 + $1.size }
        var writer = LayoutArchiveWriter(store: store, persistence: persistence, position: begun)
        try writer.write(members[output.members...], to: output.file.file, progress: progress)
        try writer.append(LayoutArchive.end, to: output.file.file)
    }
}
