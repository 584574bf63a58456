/// One repository of a registry: what can be pulled from it and pushed to it.
package struct RegistryClient: Sendable {
    let connection: RegistryConnection
    /// Its name at that registry.
    package let repository: String
    /// Above this many bytes a blob goes in pieces, so that a broken transfer costs one of them at most.
    var pieceSize: Int64 = 256 << 20
    /// How many bytes a second the slowest registry looks through, once it has all of them.
    var digestionRate: Int64 = 32 << 20

    /// The registry, as the names of images have it.
    package var host: String { connection.endpoint.host }

    init(_ connection: RegistryConnection, _ repository: String) {
        self.connection = connection
        self.repository = repository
    }

    var pulling: [String] { ["repository:\(repository):pull"] }
    var pushing: [String] { ["repository:\(repository):pull,push"] }

    /// How a message names the repository.
    var place: String { "\(host)/\(repository)" }

    /// Asks whether the registry answers and takes the credentials there are.
    package func check() throws(RegistryError) {
        let request = RegistryRequest(.get, .path(""), subject: host, scopes: [])
        let response = try connection.send(request, limit: 1 << 20)
        guard response.status != 404 else {
            throw .notARegistry(host: host, reason: "it knows no `/v2/`")
        }
        guard response.isSuccess else { throw connection.refusal(response, "access") }
        // A page, and not what some registries call HTML and is the word `true`.
        guard response.body.first(where: { $0 > 0x20 }) != UInt8(ascii: "<") else {
            throw .notARegistry(host: host, reason: "it sent a page from `/v2/`")
        }
    }
}
