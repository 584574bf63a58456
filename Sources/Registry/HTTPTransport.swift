import CCurl
package import Linux
import Synchronization
import SystemPackage

/// Makes requests over HTTP and HTTPS, each of them blocking its caller's thread until it is answered.
///
/// Any number of threads may use one. Connections stay open for whoever comes next. Redirections are followed here and
/// not by libcurl, so that their rules stand in one place (``HTTPRequest/redirected(by:)``). libcurl is opened at the
/// first request: who makes none does not pay for it.
package final class HTTPTransport: Sendable {
    private struct State {
        var libcurl: CurlLibrary?
        var idle: [CurlHandle] = []
        var authorities: [UInt8]?
    }

    /// How often one request may be sent elsewhere.
    package static let maximumRedirections = 10
    private static let maximumIdle = 16

    let configuration: HTTPConfiguration
    private let interruption: Interruption?
    private let state = Mutex(State())

    /// `interruption` ends what is under way.
    package init(_ configuration: HTTPConfiguration, interruption: Interruption? = nil) {
        self.configuration = configuration
        self.interruption = interruption
    }

    /// Makes a request whose answer is small: the body is returned whole, and is an error above `limit` bytes.
    package func send(_ request: HTTPRequest, limit: Int) throws(HTTPError) -> HTTPResponse {
        var body: [UInt8] = []
        do throws(HTTPFailure<Never>) {
            var response = try perform(request, limit: Int64(limit)) { event in
                if case .bytes(let bytes) = event { body.append(contentsOf: bytes) }
                return 0
            }
            if response.isSuccess { response.body = body }
            return response
        } catch {
            switch error {
            case .http(let error): throw error
            }
        }
    }

    /// Makes a request whose answer's body goes to `take` as it comes; `begin` is told the head before.
    ///
    /// Neither is called unless the answer is a success.
    package func download<Stop: Error>(
        _ request: HTTPRequest, limit: Int64, begin: (HTTPResponse) throws(Stop) -> Void,
        take: (UnsafeRawBufferPointer) throws(Stop) -> Void
    ) throws(HTTPFailure<Stop>) -> HTTPResponse {
        try perform(request, limit: limit) { event throws(Stop) in
            switch event {
            case .fill: break
            case .head(let response): try begin(response)
            case .bytes(let bytes): try take(bytes)
            }
            return 0
        }
    }

    /// Makes a request whose body, a `.stream`, is read as it is sent: `read` fills the buffer from an offset on and says
    /// how much there was. What the server answers is kept up to 64 KiB.
    package func upload<Stop: Error>(
        _ request: HTTPRequest, read: (UnsafeMutableRawBufferPointer, Int64) throws(Stop) -> Int
    ) throws(HTTPFailure<Stop>) -> HTTPResponse {
        try perform(request, limit: Int64(CurlExchange.excerptLimit)) { event throws(Stop) in
            if case .fill(let buffer, let offset) = event { try read(buffer, offset) } else { 0 }
        }
    }

    /// Makes a request and follows where it leads; `serve` returns how many bytes it filled in, else 0.
    private func perform<Stop: Error>(
        _ request: HTTPRequest, limit: Int64, serve: (HTTPEvent) throws(Stop) -> Int
    ) throws(HTTPFailure<Stop>) -> HTTPResponse {
        var request = request
        for _ in 0...Self.maximumRedirections {
            let response = try exchange(request, limit: limit, serve: serve)
            let next: HTTPRequest?
            do { next = try request.redirected(by: response) } catch { throw .http(error) }
            guard let next else { return response }
            request = next
        }
        throw .http(.tooManyRedirections(request.url))
    }

    private func exchange<Stop: Error>(
        _ request: HTTPRequest, limit: Int64, serve: (HTTPEvent) throws(Stop) -> Int
    ) throws(HTTPFailure<Stop>) -> HTTPResponse {
        guard !request.headers.holdsControlCharacters else { throw .http(.badRequest(request.url)) }
        guard request.deadline.map({ .now < $0 }) ?? true else { throw .http(.stalled(request.url.origin.authority)) }
        let handle: CurlHandle
        do { handle = try takeHandle() } catch { throw .http(error) }
        defer { put(handle) }
        handle.reset()
        configure(handle, for: request, trusting: trusted(by: handle))

        var stop: Stop?
        func served(_ event: HTTPEvent) -> Int? {
            do throws(Stop) { return try serve(event) } catch {
                stop = error
                return nil
            }
        }
        let ending = withoutActuallyEscaping(served) { serve in
            let exchange = CurlExchange(
                request, limit: limit, silence: configuration.idleTimeout,
                isInterrupted: { self.interruption?.isRequested ?? false }, serve: serve)
            let failure = handle.perform(request.lines, exchange)
            return Ending(response: exchange.response, verdict: exchange.verdict, failure: failure)
        }
        if let stop { throw .stopped(stop) }
        do { return try ending.answer(to: request) } catch { throw .http(error) }
    }
}

/// How an exchange came to its end.
private struct Ending {
    let response: HTTPResponse?
    let verdict: CurlExchange.Verdict?
    let failure: (code: CURLcode, reason: String)?

    /// The answer, if there was one and nobody found fault with it.
    func answer(to request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        if case .failed(let error) = verdict { throw error }
        if let response, failure == nil || verdict != nil { return response }
        throw HTTPError(failure?.code ?? CURLE_GOT_NOTHING, failure?.reason ?? "no answer", request.url)
    }
}

extension HTTPTransport {
    private func takeHandle() throws(HTTPError) -> CurlHandle {
        try state.withLock { state throws(HTTPError) in
            if let handle = state.idle.popLast() { return handle }
            if let libcurl = state.libcurl { return try CurlHandle(libcurl) }
            let libcurl = try CurlLibrary()
            state.libcurl = libcurl
            return try CurlHandle(libcurl)
        }
    }

    private func put(_ handle: CurlHandle) {
        state.withLock { state in
            if state.idle.count < Self.maximumIdle { state.idle.append(handle) }
        }
    }

    /// The system's certificates and the further ones; nothing if there are no further ones, since libcurl finds the
    /// system's by itself.
    private func trusted(by handle: CurlHandle) -> [UInt8] {
        if configuration.authorities.isEmpty { return [] }
        return state.withLock { state in
            if let authorities = state.authorities { return authorities }
            let system = handle.authoritiesPath.flatMap { try? File(opening: FilePath($0)).readAll(limit: 8 << 20) }
            let all = (system ?? []) + [UInt8(ascii: "\n")] + configuration.authorities
            state.authorities = all
            return all
        }
    }
}
