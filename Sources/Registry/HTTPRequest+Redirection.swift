extension HTTPRequest {
    /// The request that an answer sends us to make instead; `nil` if this one has its answer.
    ///
    /// Only what changes nothing is repeated elsewhere on 301, 302 and 303; 307 and 308 say that anything may be. What
    /// is encrypted stays so, and what was meant for one origin is not shown to another: neither its credentials nor a
    /// body, in which there may be some.
    func redirected(by response: HTTPResponse) throws(HTTPError) -> HTTPRequest? {
        guard let location = response.headers["Location"] else { return nil }
        switch response.status {
        case 307, 308: break
        case 301, 302, 303:
            guard method == .get || method == .head else { return nil }
        default: return nil
        }
        guard let target = url.resolving(location), url.origin.scheme == .http || target.origin.scheme == .https,
            target.origin == url.origin || body == .none
        else { throw .badRedirection(from: url, target: location) }
        var next = self
        next.url = target
        if target.origin != url.origin {
            next.headers["Authorization"] = nil
            next.headers["Cookie"] = nil
            next.trust = .knownAuthorities
        }
        return next
    }
}
