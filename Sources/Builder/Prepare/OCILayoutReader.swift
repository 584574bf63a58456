import OCI

/// Finds images in an OCI layout, a folder or an archive of one (image-spec, image-layout.md).
struct OCILayoutReader {
    static let marker = TreePath(normalising: "oci-layout")
    static let indexName = TreePath(normalising: "index.json")
    /// How deep indexes may lie within indexes, and how many manifests all of them may name.
    static let maximumDepth = 4
    static let maximumManifests = 1_000

    let files: any ImageFiles
    let platform: Platform

    /// Chooses the image that `reference` names, or the only one, for the reader's platform.
    func select(_ reference: String?, extent: ImageImporter.Extent) throws(ImageError) -> FoundSelection {
        try checkVersion()
        let bytes = try files.required(Self.indexName)
        let index = try files.read(Self.indexName) { () throws(OCIError) in try ImageIndex(parsing: bytes) }
        let candidates = try named(reference, in: index)
        let descriptor = try platformChoice(candidates, in: Self.indexName)
        let names = candidates.filter { $0.digest == descriptor.digest }.flatMap(names)
        var unique: [Reference] = []
        for name in names where !unique.contains(name) { unique.append(name) }
        return try select(descriptor, names: unique, extent: extent)
    }

    /// Walks down from a manifest or an index.
    func select(
        _ root: Descriptor, names: [Reference], extent: ImageImporter.Extent
    ) throws(ImageError) -> FoundSelection {
        let root = try document(root)
        let image = try find(root, extent, depth: 0)
        let isWanted = extent != .chosenPlatform && root.descriptor.mediaType.isIndex
        let whole = isWanted ? try wholeIndex(root, but: image) : nil
        return FoundSelection(files: files, image: image, index: whole, names: names)
    }

    static func location(of digest: Digest) -> TreePath { TreePath(normalising: "blobs/sha256/\(digest.hex)") }

    private func checkVersion() throws(ImageError) {
        let bytes = try files.required(Self.marker)
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw files.refusal("image-document", Self.marker, error.description)
        }
        guard value.object?["imageLayoutVersion"]?.string == "1.0.0" else {
            throw files.refusal("image-layout-version", Self.marker, "the layout's version is not `1.0.0`")
        }
    }

    /// The descriptors that a reference means; all that are images if there is none.
    private func named(_ reference: String?, in index: ImageIndex) throws(ImageError) -> [Descriptor] {
        let images = index.manifests.filter { !$0.isAttestation }
        guard let reference else {
            guard !images.isEmpty else { throw files.refusal("image-empty", Self.indexName, "it names no image") }
            return images
        }
        let found = Self.chosen(by: reference, among: images, names)
        guard !found.isEmpty else {
            let known = images.compactMap { $0.annotations[Annotation.referenceName] }.joined(separator: "`, `")
            throw files.refusal(
                "image-name-unknown", Self.indexName,
                "it has no image `\(reference)`" + (known.isEmpty ? "" : "; it has `\(known)`"))
        }
        return found
    }

    /// Those that a reference names letter by letter, else those whose full name it means; `@` and a number is a place in
    /// the list.
    private static func chosen(
        by reference: String, among images: [Descriptor], _ names: (Descriptor) -> [Reference]
    ) -> [Descriptor] {
        if let place = reference.sourceIndex { return images.indices.contains(place) ? [images[place]] : [] }
        let exact = images.filter { descriptor in
            descriptor.annotations[Annotation.referenceName] == reference
                || descriptor.digest.description == reference
        }
        guard exact.isEmpty, let full = Reference(reference) else { return exact }
        return images.filter { names($0).contains(full) }
    }

    /// The names an archive gives one of its images. A tag alone takes the archive's own name as its repository.
    private func names(of descriptor: Descriptor) -> [Reference] {
        if let full = descriptor.annotations[Annotation.imageName], let reference = Reference(full) {
            return [reference]
        }
        guard let text = descriptor.annotations[Annotation.referenceName] else { return [] }
        if text.contains("/") || text.contains(":") { return Reference(text).map { [$0] } ?? [] }
        let file = files.place.split(separator: "/").last.map(String.init) ?? ""
        let stem = file.prefix { $0 != "." }.lowercased()
        return Reference("\(stem):\(text)").map { [$0] } ?? []
    }

    /// The one of several descriptors that is for the platform; those without a platform count if nothing else does.
    private func platformChoice(
        _ descriptors: [Descriptor], in name: TreePath
    ) throws(ImageError) -> Descriptor {
        var unique: [Descriptor] = []
        for descriptor in descriptors where !unique.contains(where: { $0.digest == descriptor.digest }) {
            unique.append(descriptor)
        }
        if unique.count == 1, let only = unique.first { return only }
        let fitting = unique.filter { $0.platform.map(platform.accepts) ?? false }
        let exact = fitting.filter { $0.platform?.variant == platform.variant }
        if exact.count == 1, let only = exact.first { return only }
        if fitting.count == 1, let only = fitting.first { return only }
        guard unique.contains(where: { $0.platform == nil }) || !fitting.isEmpty else {
            let known = unique.compactMap { $0.platform?.description }.joined(separator: "`, `")
            throw files.refusal(
                "image-platform", name, "there is no image for `\(platform)`; there are images for `\(known)`")
        }
        let known = unique.map { $0.annotations[Annotation.referenceName] ?? $0.digest.description }
        throw files.refusal(
            "image-ambiguous", name,
            "several images could be meant: `\(known.joined(separator: "`, `"))`; say which one after a colon")
    }

    /// Walks down from an index to the platform's image.
    private func find(
        _ document: FoundDocument, _ extent: ImageImporter.Extent, depth: Int
    ) throws(ImageError) -> FoundImage {
        let name = Self.location(of: document.descriptor.digest)
        if document.descriptor.mediaType.isManifest {
            return try FoundImage(document, named: name, in: files, locate: Self.location)
        }
        let index = try readIndex(document, depth: depth)
        let images = index.manifests.filter { !$0.isAttestation }
        guard !images.isEmpty else { throw files.refusal("image-empty", name, "the index names no image") }
        let isOpen = extent == .everything && !images.contains { $0.platform.map(platform.accepts) ?? true }
        let choice = isOpen ? images[0] : try platformChoice(images, in: name)
        return try find(try self.document(choice), extent, depth: depth + 1)
    }

    private func readIndex(_ document: FoundDocument, depth: Int) throws(ImageError) -> ImageIndex {
        let name = Self.location(of: document.descriptor.digest)
        guard depth < Self.maximumDepth else {
            throw files.refusal(
                "image-index-depth", name, "indexes lie deeper than \(Self.maximumDepth) in one another")
        }
        let index = try files.read(name) { () throws(OCIError) in try ImageIndex(parsing: document.bytes) }
        guard index.mediaType == document.descriptor.mediaType else {
            throw files.refusal(
                "image-media-type", name,
                "it says that it is `\(index.mediaType)` and was named as `\(document.descriptor.mediaType)`")
        }
        guard index.manifests.count <= Self.maximumManifests else {
            throw files.refusal("image-index-size", name, "it names more than \(Self.maximumManifests) manifests")
        }
        return index
    }

    private func document(_ descriptor: Descriptor) throws(ImageError) -> FoundDocument {
        let name = Self.location(of: descriptor.digest)
        guard descriptor.mediaType.isIndex || descriptor.mediaType.isManifest else {
            throw files.refusal(
                "image-media-type", name, "`\(descriptor.mediaType)` is neither a manifest nor an index")
        }
        return FoundDocument(descriptor: descriptor, bytes: try files.required(descriptor, at: name))
    }
}

extension OCILayoutReader {
    /// Everything below an index, if every blob of it is there; `nil` if the archive holds only a part.
    private func wholeIndex(_ root: FoundDocument, but chosen: FoundImage) throws(ImageError) -> FoundIndex? {
        var others: [FoundImage] = []
        var opaque: [(file: TreePath, descriptor: Descriptor)] = []
        var pending = [(root, 0)]
        var seen: Set<Digest> = []
        while let (document, depth) = pending.popLast() {
            let index = try readIndex(document, depth: depth)
            for descriptor in index.manifests where seen.insert(descriptor.digest).inserted {
                let name = Self.location(of: descriptor.digest)
                guard seen.count <= Self.maximumManifests else { return nil }
                guard try files.holds(name) else { return nil }
                if descriptor.mediaType.isIndex {
                    opaque.append((name, descriptor))
                    pending.append((try self.document(descriptor), depth + 1))
                } else if descriptor.isAttestation || !descriptor.mediaType.isManifest {
                    guard let blobs = try attestationBlobs(descriptor) else { return nil }
                    opaque += blobs
                } else if descriptor.digest != chosen.manifest?.descriptor.digest {
                    guard let image = try presentImage(descriptor) else { return nil }
                    others.append(image)
                }
            }
        }
        return FoundIndex(document: root, others: others, opaque: opaque)
    }

    /// The image of a manifest, if its configuration and all its layers are there.
    private func presentImage(_ descriptor: Descriptor) throws(ImageError) -> FoundImage? {
        let document = try document(descriptor)
        let name = Self.location(of: descriptor.digest)
        let manifest = try files.read(name) { () throws(OCIError) in try Manifest(parsing: document.bytes) }
        for blob in [manifest.config] + manifest.layers where try !files.holds(Self.location(of: blob.digest)) {
            return nil
        }
        return try FoundImage(document, named: name, in: files, locate: Self.location)
    }

    /// An attestation's manifest with its blobs, which we keep but do not read; `nil` if some are missing.
    private func attestationBlobs(
        _ descriptor: Descriptor
    ) throws(ImageError) -> [(file: TreePath, descriptor: Descriptor)]? {
        let name = Self.location(of: descriptor.digest)
        guard descriptor.mediaType.isManifest else { return [(name, descriptor)] }
        let bytes = try files.required(descriptor, at: name)
        let manifest = try files.read(name) { () throws(OCIError) in try Manifest(parsing: bytes) }
        let blobs = ([manifest.config] + manifest.layers).map { (file: Self.location(of: $0.digest), descriptor: $0) }
        for blob in blobs where try !files.holds(blob.file) { return nil }
        return [(name, descriptor)] + blobs
    }
}

extension Descriptor {
    /// True for what BuildKit files beside images: provenance and the like, on a platform that does not exist.
    var isAttestation: Bool {
        platform?.os == "unknown" || annotations["vnd.docker.reference.type"] != nil
    }
}
