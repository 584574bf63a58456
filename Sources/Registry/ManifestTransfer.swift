package import OCI

extension RegistryClient {
    /// A manifest or an index, as the registry has it.
    package struct Document: Hashable, Sendable {
        package let descriptor: Descriptor
        package let bytes: [UInt8]

        package init(descriptor: Descriptor, bytes: [UInt8]) {
            self.descriptor = descriptor
            self.bytes = bytes
        }
    }

    /// More no manifest and no index may have.
    private static let manifestLimit = 4 << 20

    private static let accepted: [MediaType] = [.manifest, .index, .dockerManifest, .dockerIndex]

    /// Fetches the manifest or index of a tag or a digest, and makes sure that it is the one that was asked for.
    package func manifest(_ reference: Reference) throws(RegistryError) -> Document {
        try manifest(
            named: reference.digest?.description ?? reference.tag ?? "latest", expecting: reference.digest)
    }

    /// Fetches a manifest or an index by its digest.
    package func manifest(_ digest: Digest) throws(RegistryError) -> Document {
        try manifest(named: digest.description, expecting: digest)
    }

    private func manifest(named name: String, expecting expected: Digest?) throws(RegistryError) -> Document {
        let subject = "image `\(repository)\(expected == nil ? ":" : "@")\(name)`"
        let response = try connection.send(manifestRequest(.get, name, subject), limit: Self.manifestLimit)
        guard response.status != 404 else { throw .unknown(subject, host: host) }
        guard response.isSuccess else { throw connection.refusal(response, subject) }
        let digest = Digest.of(response.body)
        if let expected, expected != digest {
            throw .wrongContent("manifest", host: host, reason: "it is \(digest) and should be \(expected)")
        }
        try check(response, digest)
        return Document(
            descriptor: Descriptor(
                mediaType: try mediaType(of: response), digest: digest, size: Int64(response.body.count)),
            bytes: response.body)
    }

    /// The digest that a tag stands for, asked without fetching what it names; `nil` if the registry does not say.
    package func digest(of reference: Reference) throws(RegistryError) -> Digest? {
        let name = reference.digest?.description ?? reference.tag ?? "latest"
        let subject = "image `\(repository):\(name)`"
        let response = try connection.send(
            manifestRequest(.head, name, subject), limit: Self.manifestLimit)
        guard response.status != 404 else { throw .unknown(subject, host: host) }
        guard response.isSuccess else { throw connection.refusal(response, subject) }
        return response.headers["Docker-Content-Digest"].flatMap { Digest($0) }
    }

    /// Puts a manifest or an index under a tag, or under its digest alone.
    package func push(_ document: Document, tag: String?) throws(RegistryError) {
        let name = tag ?? document.descriptor.digest.description
        let subject = "image `\(repository):\(name)`"
        var request = RegistryRequest(
            .put, .path("\(repository)/manifests/\(name)"), subject: subject, scopes: pushing)
        request.headers["Content-Type"] = document.descriptor.mediaType.rawValue
        request.body = .bytes(document.bytes)
        let response = try connection.send(request, limit: Self.manifestLimit)
        guard response.isSuccess else { throw connection.refusal(response, subject) }
        try check(response, document.descriptor.digest)
        // Whatever stands between us and a registry may answer `200 OK` to everything.
        guard response.status == 201 || response.headers["Docker-Content-Digest"] != nil else {
            return try requireTaken(document.descriptor, subject)
        }
    }

    /// Asks for a manifest that a registry has not said it took.
    private func requireTaken(_ descriptor: Descriptor, _ subject: String) throws(RegistryError) {
        let response = try connection.send(
            manifestRequest(.get, descriptor.digest.description, subject), limit: Self.manifestLimit)
        guard response.isSuccess, Digest.of(response.body) == descriptor.digest else {
            throw .wrongContent("answer", host: host, reason: "it took \(descriptor.digest) and does not have it")
        }
    }

    private func manifestRequest(
        _ method: HTTPRequest.Method, _ name: String, _ subject: String
    )
        -> RegistryRequest
    {
        var request = RegistryRequest(
            method, .path("\(repository)/manifests/\(name)"), subject: subject, scopes: pulling)
        request.headers["Accept"] = Self.accepted.map(\.rawValue).joined(separator: ", ")
        return request
    }

    /// What the registry says that it sent or took, if it says so.
    private func check(_ response: HTTPResponse, _ digest: Digest) throws(RegistryError) {
        guard let text = response.headers["Docker-Content-Digest"], let said = Digest(text),
            said != digest
        else { return }
        throw .wrongContent("manifest", host: host, reason: "it says \(said), and it is \(digest)")
    }

    /// By the header, or by the document where the header says no more than that it is JSON. A document that says
    /// something else than the header is found out by whoever reads it.
    private func mediaType(of response: HTTPResponse) throws(RegistryError) -> MediaType {
        let header = (response.headers["Content-Type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " }
            .lowercased()
        let type = MediaType(rawValue: header)
        if Self.accepted.contains(type) { return type }
        if header.contains("manifest.v1") {
            throw .notARegistry(
                host: host, reason: "it has this image only in docker's schema 1, which nothing can verify")
        }
        let object = try? JSONValue.parse(response.body).object
        guard header != "text/html", let object, object["schemaVersion"]?.integer == 2 else {
            throw .notARegistry(host: host, reason: "it sent `\(header)` in place of a manifest")
        }
        if let said = object["mediaType"]?.string { return MediaType(rawValue: said) }
        return object["manifests"] == nil ? .manifest : .index
    }
}
