import OCI

extension ImageAssembler {
    var baseLayerCount: Int { base?.layers.count ?? 0 }

    /// The same image with one layer in the place of all, or of those that the base has not. Every line of history
    /// stays, without a layer; a last one has it.
    func squashed(into layer: DiffID?, keepingBase: Bool) -> ImageAssembler {
        var made = lines.compactMap(\.step?.created).max()
        // Nothing but the base: then the image was made when that was.
        if made == nil, layer != nil { made = .min }
        let empty = lines.map { line in
            Line(
                createdBy: line.createdBy, comment: line.comment,
                step: line.step.map { Made(layer: nil, created: $0.created) })
        }
        let last = made.map { created in
            Line(createdBy: "squash", comment: Self.comment, step: Made(layer: layer, created: created))
        }
        return ImageAssembler(
            base: keepingBase ? base : base?.withoutLayers, config: planned, lines: empty + (last.map { [$0] } ?? []),
            epoch: epoch)
    }

    private static let comment = "one layer for all of the lines above that have none of their own"
}

extension BaseImage {
    /// What the image says of itself, and none of its files.
    fileprivate var withoutLayers: BaseImage {
        var config = config
        config.diffIDs = []
        for index in config.history.indices { config.history[index].emptyLayer = true }
        return BaseImage(name: name, config: config, layers: [], manifestDigest: manifestDigest)
    }
}
