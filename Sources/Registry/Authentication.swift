import OCI

/// What a registry's token server gave, and until when it holds.
struct Token: Hashable, Sendable {
    let value: String
    let expires: ContinuousClock.Instant
}

/// The token flow: credentials and a challenge become a token (distribution, "Token Authentication Specification").
struct Authentication {
    /// More no token server has to say.
    private static let limit = 64 << 10
    /// What is taken off a token's life, so that it does not run out on its way.
    private static let margin = 10
    /// The specification's value where a server gives none.
    private static let usualLife: Int64 = 60

    let transport: HTTPTransport
    let endpoint: Endpoint
    /// Where the registry was found to answer.
    let origin: URL.Origin
    let credentials: Credentials?

    /// Fetches a token for the scopes.
    func token(
        _ challenge: BearerChallenge, scopes: [String], repository: String, until deadline: ContinuousClock.Instant
    ) throws(RegistryError) -> Token {
        guard let server = challenge.server(for: origin) else {
            throw .untrustedAddress(challenge.realm, host: endpoint.host, what: "credentials")
        }
        let request = request(server, challenge.service, scopes, until: deadline)
        let start = ContinuousClock.now
        let response: HTTPResponse
        do { response = try transport.send(request, limit: Self.limit) } catch { throw .http(error) }
        switch response.status {
        case 200..<300: break
        case 400, 401, 403:
            throw .unauthorised(
                host: endpoint.host, repository: repository, hasCredentials: credentials != nil)
        default:
            throw .refused(
                "a token", host: server.origin.authority, status: response.status,
                reason: RegistryError.reason(response))
        }
        return try token(response, asked: start)
    }

    private func token(
        _ response: HTTPResponse, asked: ContinuousClock.Instant
    ) throws(RegistryError)
        -> Token
    {
        let object = try? JSONValue.parse(response.body).object
        guard let object, let value = (object["token"] ?? object["access_token"])?.string,
            !value.isEmpty
        else {
            throw .notARegistry(
                host: response.url.origin.authority, reason: "its token server gave no token")
        }
        let life = object["expires_in"]?.integer ?? Self.usualLife
        let seconds = max(1, min(life, 24 * 3600) - Int64(Self.margin))
        return Token(value: value, expires: asked.advanced(by: .seconds(seconds)))
    }

    private func request(
        _ server: URL, _ service: String?, _ scopes: [String], until deadline: ContinuousClock.Instant
    ) -> HTTPRequest {
        if case .identityToken(let token)? = credentials {
            var form = "grant_type=refresh_token&refresh_token=\(URL.encoded(token))&client_id=layerbuild"
            if let service { form += "&service=\(URL.encoded(service))" }
            form += "&scope=\(URL.encoded(scopes.joined(separator: " ")))"
            var request = HTTPRequest(.post, server, body: .bytes(Array(form.utf8)))
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
            return bounded(request, by: deadline)
        }
        var url = server
        if let service { url = url.adding("service", service) }
        for scope in scopes { url = url.adding("scope", scope) }
        var request = HTTPRequest(.get, url)
        if case .password(let user, let password)? = credentials {
            request.url = url.adding("account", user)
            request.headers["Authorization"] = Credentials.basic(user: user, password: password)
        }
        return bounded(request, by: deadline)
    }

    private func bounded(_ request: HTTPRequest, by deadline: ContinuousClock.Instant) -> HTTPRequest {
        var request = request
        request.deadline = deadline
        if request.url.origin.host == origin.host { request.trust = endpoint.trust }
        return request
    }
}
