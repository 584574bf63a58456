package import OCI
package import Store

/// Puts an image's documents together: what was planned, what the base brought, and what the steps made.
package struct ImageAssembler: Sendable {
    /// A line of history to be written.
    package struct Line: Hashable, Sendable {
        package let createdBy: String
        package let comment: String?
        /// What the line's step made; `nil` for an instruction that only changes the configuration.
        package let step: Made?

        package init(createdBy: String, comment: String? = nil, step: Made? = nil) {
            self.createdBy = createdBy
            self.comment = comment
            self.step = step
        }
    }

    /// What a step left behind.
    package struct Made: Hashable, Sendable {
        /// `nil` if the step changed nothing.
        package let layer: DiffID?
        /// When the step ran, in seconds; from its record if it was cached.
        package let created: Int64

        package init(layer: DiffID?, created: Int64) {
            self.layer = layer
            self.created = created
        }
    }

    let base: BaseImage?
    let planned: ImageConfig
    let lines: [Line]
    let epoch: Int64?

    /// `config` is the finished configuration but for `created`, `history` and the layers; `lines` follow the base's.
    package init(base: BaseImage?, config: ImageConfig, lines: [Line], epoch: Int64?) {
        self.base = base
        planned = config
        self.lines = lines
        self.epoch = epoch
    }

    /// The image's configuration.
    ///
    /// With an epoch that is when everything was made. Without one the image was made when its newest step ran, or when
    /// its base was: so the same steps from the cache make the same image.
    package var config: ImageConfig {
        var config = planned
        config.diffIDs = (base?.layers.map(\.diffID) ?? []) + lines.compactMap { $0.step?.layer }
        config.history = baseHistory
        var created = epoch.map { Timestamp.text(seconds: $0) } ?? base?.config.created
        var newest = Int64.min
        for line in lines {
            if let made = line.step?.created, epoch == nil, made > newest {
                newest = made
                created = Timestamp.text(seconds: made)
            }
            config.history.append(
                History(
                    created: created, createdBy: line.createdBy, comment: line.comment,
                    emptyLayer: line.step?.layer == nil))
        }
        config.created = created
        return config
    }

    /// The base's history as it is, but for times after the epoch. A base without one line for each of its layers gets
    /// lines for those that have none: readers count them.
    private var baseHistory: [History] {
        guard let base else { return [] }
        var history = base.config.history
        let described = history.count { !$0.emptyLayer }
        for _ in 0..<max(0, base.layers.count - described) {
            history.append(History(created: base.config.created, createdBy: "imported", emptyLayer: false))
        }
        guard let epoch else { return history }
        let bound = Timestamp.text(seconds: epoch)
        // RFC 3339 in UTC sorts as text. What is written in another way is clamped too.
        return history.map { line in
            var line = line
            if let created = line.created, !created.hasSuffix("Z") || created > bound { line.created = bound }
            return line
        }
    }

    /// Writes configuration and manifest into the store, with each layer in the encoding that `encoder` chooses.
    package func assemble(
        with encoder: LayerEncoder, in store: Store, _ annotations: ImageAnnotations = ImageAnnotations()
    ) throws(ImageError) -> AssembledImage {
        let config = self.config
        var layers: [Descriptor] = []
        for layer in base?.layers ?? [] { layers.append(try encoder.descriptor(ofBase: layer)) }
        for layer in lines.compactMap({ $0.step?.layer }) { layers.append(try encoder.descriptor(of: layer)) }

        let configBytes = config.serialised()
        let configDescriptor = Descriptor(
            mediaType: .config,
            digest: try ImageError.store { () throws(StoreError) in try store.blobs.put(configBytes) },
            size: Int64(configBytes.count))
        let manifestBytes = Manifest(
            config: configDescriptor, layers: layers, annotations: annotations.document
        ).serialised()
        let manifest = Descriptor(
            mediaType: .manifest,
            digest: try ImageError.store { () throws(StoreError) in try store.blobs.put(manifestBytes) },
            size: Int64(manifestBytes.count), annotations: annotations.descriptor, platform: config.platform)
        return AssembledImage(
            manifest: manifest, config: configDescriptor, layers: layers, diffIDs: config.diffIDs)
    }
}
