import Layers
import Linux
import OCI
import Registry
import Store
import SystemPackage

/// A cache outside the store that is there: its document, and the files that the document names.
struct CachePlace: Sendable {
    let files: any ImageFiles
    let document: CacheDocument

    /// `nil` if there is no cache at the place.
    init?(_ location: CacheLocation, _ registries: RegistryAccess?) throws(ImageError) {
        guard let files = try Self.files(of: location, registries), let document = try Self.document(in: files) else {
            return nil
        }
        self.files = files
        self.document = document
    }

    /// A small blob; it has the digest.
    func bytes(of blob: Descriptor, limit: Int64) throws(ImageError) -> [UInt8] {
        try files.required(blob, at: OCILayoutReader.location(of: blob.digest), limit: limit)
    }

    /// Brings a blob into the store as it is, if it is not there.
    func fetch(_ blob: Descriptor, into store: Store) throws(ImageError) {
        let present = try ImageError.store { () throws(StoreError) in try store.blobs.size(of: blob.digest) }
        guard present != blob.size else { return }
        guard let remote = files.remote else {
            return try LayerIntake(store: store, limits: ArchiveLimits())
                .takeOpaque(blob, at: OCILayoutReader.location(of: blob.digest), from: files)
        }
        let writer = try ImageError.store { () throws(StoreError) in try store.blobs.newBlob() }
        try remote.download(blob) { bytes throws(ImageError) in
            do throws(SyscallError) { try writer.file.write(bytes) } catch { throw .system(error) }
        }
        do { try writer.commit(as: blob.digest, size: blob.size) } catch { throw .store(error) }
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
}
