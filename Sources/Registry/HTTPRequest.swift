/// What is asked of a server.
package struct HTTPRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
    }

    package enum Body: Hashable, Sendable {
        case none
        case bytes([UInt8])
        /// So many bytes, which whoever sends the request provides.
        case stream(count: Int64)

        /// How many bytes it has.
        var count: Int64 {
            switch self {
            case .none: 0
            case .bytes(let bytes): Int64(bytes.count)
            case .stream(let count): count
            }
        }
    }

    /// Whose certificates are believed.
    package enum Trust: Hashable, Sendable {
        case knownAuthorities
        /// Anybody's: for hosts that the user has named as insecure.
        case anyone
    }

    package var method: Method
    package var url: URL
    package var headers: HTTPHeaders
    package var body: Body
    package var trust: Trust
    /// When all of it must be over, redirections included. Without it only standing still ends it.
    package var deadline: ContinuousClock.Instant?
    /// Seconds of silence that are allowed beyond the usual ones once the server has the whole body: it may have work to
    /// do before it can answer.
    package var patience = 0

    package init(_ method: Method, _ url: URL, body: Body = .none) {
        self.method = method
        self.url = url
        headers = HTTPHeaders()
        self.body = body
        trust = .knownAuthorities
    }
}
