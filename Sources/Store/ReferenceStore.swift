import Linux
package import OCI
import SystemPackage

/// Names of images: the store's `index.json`.
///
/// Each name is a descriptor of a manifest, or of an index for an image of several platforms, with the annotations by
/// which containerd and others find it. Descriptors that other tools put there stay as they are.
package struct ReferenceStore: Sendable {
    let root: StoreRoot
    let durability: Durability

    /// An image that has a name.
    package struct Entry: Hashable, Sendable {
        package let name: Reference
        package let descriptor: Descriptor
    }

    /// What a name stands for; `nil` if the store does not know it.
    package func resolve(_ name: Reference) throws(StoreError) -> Descriptor? {
        try index().manifests.first { $0.annotations[Annotation.imageName] == name.description }.map(Self.plain)
    }

    /// All names, sorted.
    package func list() throws(StoreError) -> [Entry] {
        try index().manifests.compactMap { descriptor in
            descriptor.annotations[Annotation.imageName].flatMap { Reference($0) }
                .map { Entry(name: $0, descriptor: Self.plain(descriptor)) }
        }
        .sorted { $0.name.description < $1.name.description }
    }

    /// Lets a name stand for an image, whatever it stood for before.
    ///
    /// When this returns, the name and `blobs` are on the disk to stay: pass everything that the image needs. Nothing
    /// is written if the name stands for it already.
    package func set(
        _ name: Reference, to descriptor: Descriptor, holding blobs: some Sequence<Digest>
    ) throws(StoreError) {
        if try resolve(name) == Self.plain(descriptor) { return }
        try durability.sync(blobs)
        try change { index in
            index.manifests.removeAll { $0.annotations[Annotation.imageName] == name.description }
            index.manifests.append(Self.named(descriptor, name))
        }
    }

    /// Forgets a name; false if it was not known. The image stays until nothing else needs it.
    package func remove(_ name: Reference) throws(StoreError) -> Bool {
        var found = false
        try change { index in
            let count = index.manifests.count
            index.manifests.removeAll { $0.annotations[Annotation.imageName] == name.description }
            found = index.manifests.count < count
        }
        return found
    }

    func change(_ body: (inout ImageIndex) -> Void) throws(StoreError) {
        try root.withLock(on: FilePath()) { () throws(StoreError) in
            let before = try index()
            var after = before
            body(&after)
            guard after != before else { return }
            // A seal says that nobody else has written here, and must not come back by our writing.
            if IndexSeal.state(of: before) == .intact { after = IndexSeal.seal(after) }
            try root.replace(StoreLayout.index, with: after.serialised(), synced: true)
        }
    }

    /// A missing file is an empty one, so that moving a damaged one away mends the store.
    func index() throws(StoreError) -> ImageIndex {
        guard let bytes = try root.read(StoreLayout.index) else { return IndexSeal.seal(ImageIndex(manifests: [])) }
        return try index(parsing: bytes)
    }

    private func index(parsing bytes: [UInt8]) throws(StoreError) -> ImageIndex {
        do { return try ImageIndex(parsing: bytes) } catch {
            throw .damaged(root.host(StoreLayout.index), why: "\(error)")
        }
    }

    /// The error to throw for something that the names led to; `nil` if no bit has flipped in them as far as one can tell.
    package func damage(_ why: String) throws(StoreError) -> StoreError? {
        guard let bytes = try root.read(StoreLayout.index), IndexSeal.turnedBack(bytes) != nil else { return nil }
        return .damaged(root.host(StoreLayout.index), why: "a bit of it has flipped: \(why)")
    }

    /// True if the file is what we wrote.
    func isSealed() throws(StoreError) -> Bool {
        guard let bytes = try root.read(StoreLayout.index) else { return true }
        let index = try index(parsing: bytes)
        return bytes == index.serialised() && IndexSeal.state(of: index) == .intact
    }

    /// Turns the bit back that flipped, if there is one with which the seal fits; else seals the index as it is, whoever
    /// wrote it. False if it cannot be read.
    func mend() throws(StoreError) -> Bool {
        try root.withLock(on: FilePath()) { () throws(StoreError) in
            guard let bytes = try root.read(StoreLayout.index) else { return true }
            let asItIs = (try? ImageIndex(parsing: bytes)).map { IndexSeal.seal($0).serialised() }
            guard let good = IndexSeal.turnedBack(bytes) ?? asItIs else { return false }
            try root.replace(StoreLayout.index, with: good, synced: true)
            return true
        }
    }

    private static func named(_ descriptor: Descriptor, _ name: Reference) -> Descriptor {
        var named = descriptor
        named.annotations[Annotation.imageName] = name.description
        named.annotations[Annotation.referenceName] = name.tag
        return named
    }

    private static func plain(_ descriptor: Descriptor) -> Descriptor {
        var plain = descriptor
        plain.annotations[Annotation.imageName] = nil
        plain.annotations[Annotation.referenceName] = nil
        return plain
    }
}
