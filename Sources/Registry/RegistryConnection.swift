import Linux
import Synchronization

/// One registry: where it was found to answer, and who we are there. Any number of threads may use it.
final class RegistryConnection: Sendable {
    private struct State {
        var origin: URL.Origin
        /// True once something came back from there.
        var isSettled = false
        var challenge: Challenge?
        var tokens: [[String]: Token] = [:]
    }

    /// Seconds that a small answer may take altogether, with all that has to be asked before.
    static let documentPatience = 30

    let endpoint: Endpoint
    let transport: HTTPTransport
    let pause: Pause
    let interruption: Interruption?
    private let credentials: Credentials?
    private let state: Mutex<State>

    init(
        _ endpoint: Endpoint, _ transport: HTTPTransport, credentials: Credentials?, pause: Pause,
        interruption: Interruption?
    ) {
        self.endpoint = endpoint
        self.transport = transport
        self.credentials = credentials
        self.pause = pause
        self.interruption = interruption
        state = Mutex(State(origin: endpoint.origin))
    }

    /// Where the registry answers, as far as that is known.
    var origin: URL.Origin { state.withLock { $0.origin } }

    /// Makes a request whose answer is small, again if it may help. An answer that is no success is returned too.
    func send(_ request: RegistryRequest, limit: Int) throws(RegistryError) -> HTTPResponse {
        do throws(RegistryFailure<Never>) {
            return try retried(request) { (request) throws(HTTPFailure<Never>) -> HTTPResponse in
                do throws(HTTPError) { return try self.transport.send(request, limit: limit) } catch {
                    throw .http(error)
                }
            }
        } catch {
            switch error {
            case .registry(let error): throw error
            }
        }
    }

    /// Makes a request whose answer is small again as long as that may help. `body` sends it.
    private func retried<Stop: Error>(
        _ request: RegistryRequest, _ body: (HTTPRequest) throws(HTTPFailure<Stop>) -> HTTPResponse
    ) throws(RegistryFailure<Stop>) -> HTTPResponse {
        var attempts = Attempts(pause)
        var request = request
        while true {
            let failure: RegistryFailure<Stop>
            var answer: HTTPResponse?
            request.deadline = Self.deadline
            do throws(RegistryFailure<Stop>) {
                let response = try once(request, body)
                guard RegistryError.passingStatus.contains(response.status) else { return response }
                answer = response
                failure = .registry(refusal(response, request.subject))
            } catch {
                failure = error
            }
            guard case .registry(let error) = failure, error.isPassing,
                let seconds = attempts.next(after: answer)
            else {
                throw failure
            }
            guard Pause.wait(seconds, interruption) else { throw .registry(.http(.interrupted)) }
        }
    }

    private static var deadline: ContinuousClock.Instant { .now.advanced(by: .seconds(documentPatience)) }

    /// Makes a request once, and once more with what it turns out to need: without TLS, or with a token.
    func once<Stop: Error>(
        _ request: RegistryRequest, _ body: (HTTPRequest) throws(HTTPFailure<Stop>) -> HTTPResponse
    ) throws(RegistryFailure<Stop>) -> HTTPResponse {
        let shown = state.withLock { $0.challenge }
        var response = try attempt(request, body)
        guard response.status == 401, response.url.origin == origin else { return response }
        let isRenewed = try RegistryFailure<Stop>.registry { () throws(RegistryError) in
            try renew(after: response, for: request, shown: shown)
        }
        guard isRenewed else { throw .registry(unauthorised(request)) }
        response = try attempt(request, body)
        guard response.status == 401 else { return response }
        throw .registry(unauthorised(request))
    }

    private func attempt<Stop: Error>(
        _ request: RegistryRequest, _ body: (HTTPRequest) throws(HTTPFailure<Stop>) -> HTTPResponse
    ) throws(RegistryFailure<Stop>) -> HTTPResponse {
        let origin = origin
        var resolved = request.resolved(at: origin, trust: endpoint.trust)
        // What is meant for the registry is shown to no other origin.
        if resolved.url.origin == origin {
            do throws(RegistryError) { resolved.headers["Authorization"] = try authorisation(request) } catch {
                throw .registry(error)
            }
        }
        do throws(HTTPFailure<Stop>) {
            let response = try body(resolved)
            state.withLock { $0.isSettled = true }
            return response
        } catch {
            switch error {
            case .stopped(let stop): throw .stopped(stop)
            case .http(let error):
                guard error.leavesPlainOpen, settleForPlain(from: origin) else { throw .registry(.http(error)) }
                return try attempt(request, body)
            }
        }
    }

    /// Goes on without TLS if that is allowed, and nobody has been met with it.
    private func settleForPlain(from origin: URL.Origin) -> Bool {
        guard let plain = endpoint.plainOrigin, origin.scheme == .https else { return false }
        return state.withLock { state in
            guard !state.isSettled || state.origin == plain else { return false }
            state.origin = plain
            return true
        }
    }

    func refusal(_ response: HTTPResponse, _ subject: String) -> RegistryError {
        .refused(
            subject, host: endpoint.host, status: response.status, reason: RegistryError.reason(response))
    }

    private func unauthorised(_ request: RegistryRequest) -> RegistryError {
        .unauthorised(
            host: endpoint.host, repository: request.repository ?? endpoint.host, hasCredentials: credentials != nil)
    }
}

extension RegistryConnection {
    /// What to show for a request; nothing before the registry has asked for anything.
    private func authorisation(_ request: RegistryRequest) throws(RegistryError) -> String? {
        let (challenge, token) = state.withLock { ($0.challenge, $0.tokens[request.scopes]) }
        switch challenge {
        case nil: return nil
        case .basic?:
            guard case .password(let user, let password)? = credentials else { return nil }
            return Credentials.basic(user: user, password: password)
        case .bearer(let challenge)?:
            if let token, token.expires > .now { return "Bearer \(token.value)" }
            return "Bearer \(try newToken(challenge, for: request).value)"
        }
    }

    /// Takes up the challenge of an answer; false if nothing new can be shown for it. `shown` is what the request, which
    /// other threads may have overtaken, has answered already.
    private func renew(
        after response: HTTPResponse, for request: RegistryRequest, shown: Challenge?
    ) throws(RegistryError) -> Bool {
        guard let challenge = Challenge(response.headers) else { return false }
        state.withLock { $0.challenge = challenge }
        switch challenge {
        case .basic: return shown != .basic && credentials != nil
        case .bearer(let bearer):
            _ = try newToken(bearer, for: request)
            return true
        }
    }

    /// Asked once: whoever makes the request makes it again where that may help.
    private func newToken(_ challenge: BearerChallenge, for request: RegistryRequest) throws(RegistryError) -> Token {
        let authentication = Authentication(
            transport: transport, endpoint: endpoint, origin: origin, credentials: credentials)
        let token = try authentication.token(
            challenge, scopes: request.scopes.isEmpty ? challenge.scopes : request.scopes,
            repository: request.repository ?? endpoint.host, until: request.deadline ?? Self.deadline)
        state.withLock { $0.tokens[request.scopes] = token }
        return token
    }
}

extension HTTPError {
    /// True if the same host may answer without TLS. A name without an address may have one for the proxy that is there
    /// for plain requests alone.
    fileprivate var leavesPlainOpen: Bool {
        switch self {
        case .noTLS, .unknownHost: true
        case .noLibrary, .unreachable, .untrusted, .stalled, .broken, .tooLong, .tooManyRedirections, .badRedirection,
            .badRequest, .interrupted:
            false
        }
    }
}
