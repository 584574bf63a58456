import Layers
import Linux
package import OCI
package import Store
import SystemPackage

/// `layerbuild commit`: what a kept container has changed becomes one more layer over its image.
package struct ContainerCommit: Sendable {
    private let store: Store
    private let compression: CompressionChoice
    private let threads: Int
    /// In seconds since 1970: when the image was made, and the bound of its files' times.
    private let epoch: Int64?
    private let now: Int64

    package init(in store: Store, compression: CompressionChoice, threads: Int, epoch: Int64?, now: Int64) {
        self.store = store
        self.compression = compression
        self.threads = threads
        self.epoch = epoch
        self.now = now
    }

    /// Makes the image and gives it the names. The container stays as it is.
    package func commit(_ name: String, as names: [Reference]) throws(BuildError) -> AssembledImage {
        let kept = try claim(name)
        let image = try image(of: kept.record)
        let layer = try pack(kept, over: image)
        let line = ImageAssembler.Line(
            createdBy: kept.record.command.joined(separator: " "),
            step: ImageAssembler.Made(layer: layer?.diffID, created: now))
        do throws(ImageError) {
            let assembler = ImageAssembler(base: image, config: image.config, lines: [line], epoch: epoch)
            let encoder = LayerEncoder(store: store, choice: compression, threads: threads)
            let made = try assembler.assemble(with: encoder, in: store)
            for name in names {
                try ImageError.store { () throws(StoreError) in
                    try store.names.set(name, to: made.manifest, holding: made.blobs.map(\.digest))
                }
            }
            return made
        } catch {
            throw BuildError(error)
        }
    }

    private func claim(_ name: String) throws(BuildError) -> KeptContainer {
        let claimed = try fromStore { () throws(StoreError) in try store.containers.claim(name) }
        if let claimed { return claimed }
        let exists = try fromStore { () throws(StoreError) in try store.containers.find(name) } != nil
        throw exists
            ? BuildError(.input, "container-runs", "the command of the container `\(name)` still runs")
            : BuildError(
                .input, "unknown-container", "there is no container `\(name)`",
                hint: "`layerbuild run --name \(name)` keeps one; `layerbuild containers` lists them")
    }

    private func image(of record: ContainerRecord) throws(BuildError) -> BaseImage {
        do {
            return try StoredImages(store: store).image(manifest: record.manifest, name: record.image)
        } catch {
            throw BuildError(error)
        }
    }

    /// The same differ as for a step: what was only mounted on is no part of the layer.
    private func pack(_ kept: borrowing KeptContainer, over image: BaseImage) throws(BuildError) -> WrittenLayer? {
        let provider = SnapshotProvider(store: store, threads: threads)
        let folders: [FilePath]
        do { folders = try provider.folders(for: image.layers.map(\.diffID)) } catch { throw BuildError(error) }
        let tree = try fromLayers { () throws(LayerError) in try MergedTree(layers: folders) }
        let scratch = try fromStore { () throws(StoreError) in try store.scratchPath() }
        let initLayer = try InitLayer(
            kept.record.places.map { InitLayer.Place(target: $0.target, isFolder: $0.isFolder) }, over: tree,
            at: scratch)
        let upper = kept.upper
        let diff = try fromLayers { () throws(LayerError) in
            try OverlayDiff(
                upper: upper, lower: tree, hidden: Set(initLayer.made), normaliser: EntryNormaliser(clampTo: epoch),
                scratch: store.path)
        }
        return try LayerPacker(store: store, compression: compression.compression, threads: threads).pack {
            writer throws(BuildError) in
            try fromLayers { () throws(LayerError) in try writer.write(diff) }
        }
    }
}
