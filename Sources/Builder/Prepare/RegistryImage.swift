import OCI
import Registry
import Synchronization

/// An image at a registry as a source: documents are fetched when they are read, layers when they are taken.
final class RegistryImage: ImageFiles {
    let place: String
    private let client: RegistryClient
    /// The document that the image's name stands for.
    private let root: RegistryClient.Document
    /// `nil` if nobody watches.
    private let transfer: TransferTally?

    init(_ client: RegistryClient, _ root: RegistryClient.Document, place: String, transfer: TransferTally?) {
        self.client = client
        self.root = root
        self.place = place
        self.transfer = transfer
    }

    var remote: RegistryImage? { self }

    /// What the image's name stands for.
    var descriptor: Descriptor { root.descriptor }

    /// Nothing lies at hand.
    func open(_ name: TreePath) throws(ImageError) -> SourceFile? { nil }

    /// The bytes of a manifest, an index or a configuration; they have the descriptor's digest.
    func document(_ descriptor: Descriptor, limit: Int64) throws(ImageError) -> [UInt8] {
        if descriptor.digest == root.descriptor.digest { return root.bytes }
        guard descriptor.size <= limit else {
            throw .rejected(
                "image-document-size", "\(place): \(descriptor.digest)",
                "\(descriptor.size) bytes, where \(limit) are allowed")
        }
        if descriptor.mediaType.isManifest || descriptor.mediaType.isIndex {
            return try ImageError.registry { () throws(RegistryError) in try client.manifest(descriptor.digest).bytes }
        }
        var bytes: [UInt8] = []
        do throws(RegistryFailure<Never>) {
            try client.download(descriptor) { bytes.append(contentsOf: $0) }
        } catch {
            switch error {
            case .registry(let error): throw .registry(error)
            }
        }
        return bytes
    }

    /// Hands a layer's bytes over in order; they have the descriptor's digest if nothing is thrown.
    func download(
        _ descriptor: Descriptor, take: (UnsafeRawBufferPointer) throws(ImageError) -> Void
    ) throws(ImageError) {
        do throws(RegistryFailure<ImageError>) {
            try client.download(descriptor) { bytes throws(ImageError) in
                try take(bytes)
                transfer?.add(Int64(bytes.count))
            }
        } catch {
            switch error {
            case .registry(let error): throw .registry(error)
            case .stopped(let error): throw error
            }
        }
    }

    /// Layers of so many bytes are wanted.
    func expect(_ size: Int64) { transfer?.expect(size) }

    /// So many of them are here already.
    func skip(_ size: Int64) { transfer?.add(size) }
}
