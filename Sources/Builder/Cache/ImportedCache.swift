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

    private let store: Store
    private var sources: [DiffID: Source] = [:]

    init(into store: Store) { self.store = store }

    /// Takes the records of a place. What the store knows itself stays.
    ///
    /// Returns: how many steps the place knows; `nil` if there is no cache at the place.
    mutating func add(_ location: CacheLocation, _ registries: RegistryAccess?) throws(ImageError) -> Int? {
        guard let files = try Self.files(of: location, registries), let document = try Self.document(in: files) else {
            return nil
        }
        for layer in document.layers where sources[layer.layer] == nil {
            sources[layer.layer] = Source(files: files, encoded: layer.encoded)
        }
        for entry in document.entries {
            try ImageError.store { () throws(StoreError) in
                for key in entry.keys { try store.cache.insertIfAbsent(entry.record, for: key) }
            }
        }
        return document.entries.count
    }

    private static func files(
        of location: CacheLocation, _ registries: RegistryAccess?
    ) throws(ImageError) -> (any ImageFiles)? {
        switch location {
        case .registry(let name):
            guard let registries else { return nil }
            do throws(RegistryError) {
                let client = try registries.session.client(for: name)
                return RegistryImage(client, try client.manifest(name), place: name.familiar, transfer: nil)
            } catch {
                if case .unknown = error { return nil }
                throw .registry(error)
            }
        case .folder(let path):
            do throws(SyscallError) {
                return try FolderFiles(path)
            } catch {
                if error.errno == .noSuchFileOrDirectory { return nil }
                throw .system(error)
            }
        }
    }

    /// The document of the one cache in a layout, or of what a registry has under a name; `nil` if there is none.
    private static func document(in files: any ImageFiles) throws(ImageError) -> CacheDocument? {
        if let image = files.remote { return try document(of: image.descriptor, in: files) }
        guard let bytes = try files.document(OCILayoutReader.indexName) else { return nil }
        let index = try files.read(OCILayoutReader.indexName) { () throws(OCIError) in try ImageIndex(parsing: bytes) }
        for descriptor in index.manifests {
            if let document = try document(of: descriptor, in: files) { return document }
        }
        return nil
    }

    private static func document(
        of descriptor: Descriptor, in files: any ImageFiles
    ) throws(ImageError) -> CacheDocument? {
        guard descriptor.mediaType.isManifest else { return nil }
        let name = OCILayoutReader.location(of: descriptor.digest)
        let bytes = try files.required(descriptor, at: name)
        let manifest = try files.read(name) { () throws(OCIError) in try Manifest(parsing: bytes) }
        guard manifest.config.mediaType == CacheDocument.mediaType else { return nil }
        let place = OCILayoutReader.location(of: manifest.config.digest)
        let config = try files.required(manifest.config, at: place, limit: DocumentLimit.config)
        guard let document = CacheDocument(parsing: config) else {
            throw files.refusal("cache-document", place, "it is no cache that this version reads")
        }
        return document
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
