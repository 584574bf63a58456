/// A request to a registry before it is settled where the registry answers and who asks.
struct RegistryRequest: Hashable, Sendable {
    enum Place: Hashable, Sendable {
        /// Below `/v2/`, with what follows a `?`.
        case path(String, query: String? = nil)
        /// Where the registry has sent us.
        case url(URL)
    }

    let method: HTTPRequest.Method
    let place: Place
    /// What the request is about, for an error.
    let subject: String
    /// What a token must allow.
    let scopes: [String]
    var headers = HTTPHeaders()
    var body = HTTPRequest.Body.none
    /// When it must be answered, whatever else has to be asked first.
    var deadline: ContinuousClock.Instant?
    /// Seconds beyond the usual silence, as in ``HTTPRequest/patience``.
    var patience = 0

    init(_ method: HTTPRequest.Method, _ place: Place, subject: String, scopes: [String]) {
        self.method = method
        self.place = place
        self.subject = subject
        self.scopes = scopes
    }

    /// The repository that it is about, as the first scope names it; `nil` if it is about the registry.
    var repository: String? {
        let parts = scopes.first?.split(separator: ":") ?? []
        return parts.count == 3 ? String(parts[1]) : nil
    }

    func resolved(at origin: URL.Origin, trust: HTTPRequest.Trust) -> HTTPRequest {
        let url =
            switch place {
            case .path(let path, let query): URL(origin, path: "/v2/\(path)", query: query)
            case .url(let url): url
            }
        var request = HTTPRequest(method, url, body: body)
        request.headers = headers
        request.trust = trust
        request.deadline = deadline
        request.patience = patience
        return request
    }
}
