import OCI

/// Which layers a snapshot shows, the lowest first: what lies beside its folder.
struct SnapshotLayers: Hashable, Sendable {
    let layers: [DiffID]

    init(_ layers: [DiffID]) { self.layers = layers }

    /// `nil` for anything but what ``serialised()`` writes.
    init?(parsing bytes: [UInt8]) {
        guard let values = SealedJSON.open(bytes)?["layers"]?.strings else { return nil }
        let digests = values.compactMap { Digest($0) }
        guard digests.count == values.count, !digests.isEmpty else { return nil }
        layers = digests.map(DiffID.init)
    }

    func serialised() -> [UInt8] {
        SealedJSON.seal(JSONObject([("layers", .strings(layers.map(\.description)))]))
    }
}
