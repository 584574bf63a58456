import Layers
import Linux
import OCI
import Registry
import Store
import SystemPackage

/// What other machines' steps produced: their records, taken into the store, and the layers, fetched when one is needed.
struct ImportedCache: Sendable {
    /// Where a layer can be had.
    private struct Source: Sendable {
        let files: any ImageFiles
        let encoded: EncodedLayer
    }

    let store: Store
    private var sources: [DiffID: Source] = [:]
    /// Which place has a cache mount.
    private(set) var mounts: [Digest: (record: CacheMountRecord, place: CachePlace)] = [:]

    init(into store: Store) { self.store = store }

    /// Takes the records of a place. What the store knows itself stays.
    ///
    /// Returns: how many steps the place knows; `nil` if there is no cache at the place.
    mutating func add(_ location: CacheLocation, _ registries: RegistryAccess?) throws(ImageError) -> Int? {
        guard let place = try CachePlace(location, registries) else { return nil }
        let document = place.document
        for layer in document.layers where sources[layer.layer] == nil {
            sources[layer.layer] = Source(files: place.files, encoded: layer.encoded)
        }
        for mount in document.mounts where mounts[mount.name] == nil { mounts[mount.name] = (mount, place) }
        for entry in document.entries {
            try ImageError.store { () throws(StoreError) in
                for key in entry.keys { try store.cache.insertIfAbsent(entry.record, for: key) }
            }
        }
        return document.entries.count
    }

    /// Brings a layer into the store, verified from end to end; false if no place has it.
    func fetch(_ layer: DiffID) throws(ImageError) -> Bool {
        guard let source = sources[layer] else { return false }
        let encoded = source.encoded
        let found = FoundImage.Layer(
            file: OCILayoutReader.location(of: encoded.digest), diffID: layer, descriptor: encoded.descriptor)
        _ = try LayerIntake(store: store, limits: ArchiveLimits()).take(found, from: source.files)
        // It is what our own encoder wrote elsewhere: the image gets the same blob that it got there.
        try ImageError.store { () throws(StoreError) in try store.encodings.add(encoded, of: layer) }
        return true
    }
}
