/// Why there was no answer, or none that could be taken.
package enum HTTPError: Error, Hashable, Sendable {
    /// libcurl is not installed.
    case noLibrary
    /// The host's name has no address.
    case unknownHost(String)
    /// Nobody listens, or nobody can be reached.
    case unreachable(String, reason: String)
    /// TLS was spoken to somebody who may not know it.
    case noTLS(String, reason: String)
    /// The host is not who it should be.
    case untrusted(String, reason: String)
    /// Connecting took too long, no byte came for too long, or the whole took too long.
    case stalled(String)
    /// The connection broke, or what came over it was no HTTP.
    case broken(String, reason: String)
    /// The body is longer than was asked for.
    case tooLong(URL, limit: Int64)
    case tooManyRedirections(URL)
    /// The server sends us somewhere we do not go; `target` as it was spelt.
    case badRedirection(from: URL, target: String)
    /// A field of the request would end its line.
    case badRequest(URL)
    /// Somebody wants to stop.
    case interrupted

    /// True if the same request may well work in a moment.
    package var isPassing: Bool {
        switch self {
        case .unreachable, .stalled, .broken: true
        case .noLibrary, .unknownHost, .noTLS, .untrusted, .tooLong, .tooManyRedirections, .badRedirection, .badRequest,
            .interrupted:
            false
        }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noLibrary: "libcurl is not installed"
        case .unknownHost(let host): "the name `\(host)` has no address"
        case .unreachable(let host, let reason): "`\(host)` cannot be reached: \(reason)"
        case .noTLS(let host, let reason): "`\(host)` does not answer with TLS: \(reason)"
        case .untrusted(let host, let reason): "`\(host)` cannot be trusted: \(reason)"
        case .stalled(let host): "`\(host)` has sent nothing for too long"
        case .broken(let host, let reason): "the connection to `\(host)` broke: \(reason)"
        case .tooLong(let url, let limit): "`\(url.withoutQuery)` has more than \(limit) bytes"
        case .tooManyRedirections(let url): "`\(url.withoutQuery)` leads from one address to the next without end"
        case .badRedirection(let url, let target): "`\(url.withoutQuery)` leads to `\(target)`, where we do not go"
        case .badRequest(let url): "a request to `\(url.withoutQuery)` would hold control characters"
        case .interrupted: "the transfer was interrupted"
        }
    }
}

/// How a transfer with somebody at its other end fails: the web's fault, or theirs.
package enum HTTPFailure<Stop: Error>: Error {
    case http(HTTPError)
    /// Whoever provides or takes the bytes ended it.
    case stopped(Stop)
}

extension HTTPFailure: Sendable where Stop: Sendable {}
