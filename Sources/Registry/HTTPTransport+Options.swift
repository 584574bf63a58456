import CCurl

extension HTTPTransport {
    /// What libcurl hands over at once, at most.
    private static let bufferSize = 256 << 10

    /// Fewer bytes a second, for as long as nothing at all may come, are as good as none.
    private static let slowest = 100

    /// Sets everything but headers and callbacks. The table is long since each option is a line of it.
    func configure(_ handle: CurlHandle, for request: HTTPRequest, trusting authorities: [UInt8]) {
        // Signals belong to the program.
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_URL, request.url.description)
        handle.set(CURLOPT_PATH_AS_IS, 1)
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        handle.set(CURLOPT_USERAGENT, configuration.userAgent)
        handle.set(CURLOPT_BUFFERSIZE, Self.bufferSize)
        handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        handle.set(CURLOPT_CONNECTTIMEOUT, configuration.connectTimeout)
        handle.set(CURLOPT_LOW_SPEED_LIMIT, Self.slowest)
        handle.set(CURLOPT_LOW_SPEED_TIME, configuration.idleTimeout + request.patience)
        if let deadline = request.deadline { handle.set(CURLOPT_TIMEOUT, Self.seconds(until: deadline)) }
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        handle.set(CURLOPT_PROXY, proxy(for: request.url.origin) ?? "")
        handle.set(CURLOPT_NOPROXY, configuration.proxies.exceptions ?? "")
        switch request.trust {
        case .knownAuthorities: if !authorities.isEmpty { handle.trust(authorities) }
        case .anyone:
            handle.set(CURLOPT_SSL_VERIFYPEER, 0)
            handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        shape(handle, request)
    }

    /// libcurl takes whole seconds, and 0 for as many as it likes.
    private static func seconds(until deadline: ContinuousClock.Instant) -> Int {
        Int(max(0, ContinuousClock.now.duration(to: deadline).components.seconds)) + 1
    }

    private func shape(_ handle: CurlHandle, _ request: HTTPRequest) {
        switch (request.method, request.body) {
        case (.get, .none): handle.set(CURLOPT_HTTPGET, 1)
        case (.head, _): handle.set(CURLOPT_NOBODY, 1)
        case (.get, _), (.post, _), (.put, _), (.patch, _):
            handle.set(CURLOPT_UPLOAD, 1)
            handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            handle.set(CURLOPT_INFILESIZE_LARGE, size: request.body.count)
            // On a connection that was used before, libcurl would send the whole once more by itself where no answer
            // comes, and the server has two of what it was to have once.
            if case .stream = request.body { handle.set(CURLOPT_FRESH_CONNECT, 1) }
        }
    }

    private func proxy(for origin: URL.Origin) -> String? {
        if origin.isLoopback { return nil }
        switch origin.scheme {
        case .http: return configuration.proxies.http
        case .https: return configuration.proxies.https
        }
    }
}

extension HTTPRequest {
    /// The fields as lines. libcurl would ask to be asked for a long body, and wait a second for the answer.
    var lines: [String] { headers.fields.map { "\($0.name): \($0.value)" } + ["Expect:"] }
}
