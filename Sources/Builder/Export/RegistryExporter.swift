import Linux
package import OCI
import Registry
package import Store
import SystemPackage

/// Pushes images from the store to registries: what is there already is not moved.
package struct RegistryExporter: Sendable {
    /// How many blobs are on their way at once.
    private static let width = 4

    private let store: Store
    private let access: RegistryAccess

    package init(store: Store, access: RegistryAccess) {
        self.store = store
        self.access = access
    }

    /// Pushes an image, or an index with everything below it, under a name.
    ///
    /// Blobs come first, then the documents that name them, and the tag last: nobody sees half an image. The registry is
    /// neither asked for `present` nor sent it.
    package func push(
        _ root: Descriptor, as name: Reference, besides present: Set<Digest> = []
    ) throws(ImageError) {
        let client = try ImageError.registry { () throws(RegistryError) in try access.session.client(for: name) }
        let tally = TransferTally("pushing \(name.familiar)", access.events)
        do throws(ImageError) {
            let contents = try PushedImage(root, in: store)
            let blobs = contents.blobs.filter { !present.contains($0.digest) }
            blobs.forEach { tally.expect($0.size) }
            let origins = try origins(at: name.registry, but: name.repository, of: blobs)
            let arrivals = try blobs.mapOnThreads(Self.width) { blob throws(ImageError) in
                let arrival = try self.push(blob, to: client, from: origins[blob.digest] ?? [])
                tally.add(blob.size)
                return arrival
            }
            try ImageError.registry { () throws(RegistryError) in
                for document in contents.documents {
                    let tag = document.descriptor.digest == root.digest ? name.tag : nil
                    try client.push(document, tag: tag)
                }
            }
            tally.finish(arrivals.contains(.uploaded) ? nil : "everything was there")
        } catch {
            tally.fail()
            throw error
        }
    }

    private func push(
        _ blob: Descriptor, to client: RegistryClient, from origins: [String]
    ) throws(ImageError) -> RegistryClient.Arrival {
        let file = try ImageError.store { () throws(StoreError) in try store.blobs.open(blob.digest) }
        do throws(RegistryFailure<SyscallError>) {
            return try client.push(blob, origins: origins) { buffer, offset throws(SyscallError) in
                let count = try file.read(into: buffer, at: offset)
                // A file that ends early would be waited for without end.
                guard count > 0 || buffer.isEmpty else { throw SyscallError("pread", "\(blob.digest)", .ioError) }
                return count
            }
        } catch {
            switch error {
            case .registry(let error): throw .registry(error)
            case .stopped(let error): throw .system(error)
            }
        }
    }

    /// Repositories of the same registry that should have a blob, since the store has an image from there with it.
    private func origins(
        at registry: String, but repository: String, of blobs: [Descriptor]
    ) throws(ImageError) -> [Digest: [String]] {
        let wanted = Set(blobs.map(\.digest))
        var origins: [Digest: [String]] = [:]
        let names = try ImageError.store { () throws(StoreError) in try store.names.list() }
        for entry in names where entry.name.registry == registry && entry.name.repository != repository {
            // What is not whole here is no help.
            guard let contents = try? PushedImage(entry.descriptor, in: store) else { continue }
            for blob in contents.blobs where wanted.contains(blob.digest) {
                let known = origins[blob.digest] ?? []
                if known.count < 2, !known.contains(entry.name.repository) {
                    origins[blob.digest] = known + [entry.name.repository]
                }
            }
        }
        return origins
    }
}
