package import OCI

/// Which blobs encode a layer: the step from a DiffID, which is what a layer is, to bytes that can be shipped.
package struct EncodingIndex: Sendable {
    let root: StoreRoot
    let blobs: ContentStore

    /// The encodings whose blobs are in the store, in the order in which they came.
    ///
    /// An entry that cannot be read counts as absent: layers can be encoded again.
    package func encodings(of layer: DiffID) throws(StoreError) -> [EncodedLayer] {
        var present: [EncodedLayer] = []
        for encoding in try recorded(of: layer) where try blobs.size(of: encoding.digest) == encoding.size {
            present.append(encoding)
        }
        return present
    }

    /// False if nothing says that the layer was ever encoded. True even if the blob is gone since.
    package func isNoted(_ layer: DiffID) throws(StoreError) -> Bool { try !recorded(of: layer).isEmpty }

    /// Remembers one more blob for the layer. The same blob twice is one.
    package func add(_ encoding: EncodedLayer, of layer: DiffID) throws(StoreError) {
        if try recorded(of: layer).contains(encoding) { return }
        try root.withLock(on: StoreLayout.encodings) { () throws(StoreError) in
            var all = try recorded(of: layer)
            all.removeAll { $0.digest == encoding.digest }
            all.append(encoding)
            let object = JSONObject([("encodings", .array(all.map(\.json)))])
            try root.replace(StoreLayout.encodings(of: layer), with: SealedJSON.seal(object))
        }
    }

    private func recorded(of layer: DiffID) throws(StoreError) -> [EncodedLayer] {
        guard let bytes = try root.read(StoreLayout.encodings(of: layer)),
            let values = SealedJSON.open(bytes)?["encodings"]?.array
        else { return [] }
        return values.compactMap(EncodedLayer.init(json:))
    }
}
