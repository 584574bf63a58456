package import OCI
import Registry
import SystemPackage

extension ImageImporter {
    /// Takes an image by its name from its registry, or from a mirror of it.
    package func pull(_ name: Reference, extent: Extent = .chosenPlatform) throws(ImageError) -> ImportedImage {
        guard let access = registries else { throw .usage("`\(name.familiar)` cannot be fetched here") }
        let clients = try ImageError.registry { () throws(RegistryError) in try access.session.readers(of: name) }
        var failure: ImageError?
        for client in clients {
            let tally = TransferTally("pulling \(name.familiar)", access.events)
            do throws(ImageError) {
                let image = try pull(name, extent, client, tally)
                tally.finish()
                return image
            } catch {
                tally.fail()
                // Of several that do not have it, the registry itself speaks last.
                failure = error
                guard case .registry(let cause) = error, cause != .http(.interrupted) else { throw error }
            }
        }
        throw failure ?? .usage("`\(name.familiar)` has no registry")
    }

    private func pull(
        _ name: Reference, _ extent: Extent, _ client: RegistryClient, _ tally: TransferTally
    ) throws(ImageError) -> ImportedImage {
        let document = try ImageError.registry { () throws(RegistryError) in try client.manifest(name) }
        let files = RegistryImage(client, document, place: name.familiar, transfer: tally)
        let selection = try OCILayoutReader(files: files, platform: platform).select(
            document.descriptor, names: [name], extent: extent)
        for image in [selection.image] + (selection.index?.others ?? []) {
            files.expect(image.layers.reduce(0) { sum, layer in sum &+ (layer.descriptor?.size ?? 0) })
        }
        var image = try take(selection, extent, FilePath(name.familiar))
        if document.descriptor.mediaType.isIndex, let index = try? ImageIndex(parsing: document.bytes) {
            image.siblings = Set(index.manifests.map(\.digest)).subtracting([image.root.digest])
        }
        return image
    }
}
