import OCI

/// What a registry said, or did not say, that ended a transfer.
package enum RegistryError: Error, Hashable, Sendable {
    case http(HTTPError)
    /// Nobody who may do that: with the credentials there are, or without any.
    case unauthorised(host: String, repository: String, hasCredentials: Bool)
    /// There is no such image or blob.
    case unknown(String, host: String)
    /// An answer that is no success and means nothing else. `reason` is the registry's own.
    case refused(String, host: String, status: Int, reason: String)
    /// What answered speaks another protocol.
    case notARegistry(host: String, reason: String)
    /// Bytes that are not what they are named as.
    case wrongContent(String, host: String, reason: String)
    /// The registry sends credentials or an upload where we do not send them.
    case untrustedAddress(String, host: String, what: String)
    /// Credentials that cannot be read, or a program that should have told them.
    case credentials(String)

    /// True if the same may well work in a moment.
    package var isPassing: Bool {
        switch self {
        case .http(let error): error.isPassing
        case .refused(_, _, let status, _): Self.passingStatus.contains(status)
        case .unauthorised, .unknown, .notARegistry, .wrongContent, .untrustedAddress, .credentials:
            false
        }
    }

    /// What servers answer that are busy, or whose back is.
    static let passingStatus: Set<Int> = [408, 429, 500, 502, 503, 504]
}

extension RegistryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .http(let error): error.description
        case .unauthorised(let host, let repository, let hasCredentials):
            hasCredentials
                ? "`\(host)` does not let these credentials use `\(repository)`"
                : "`\(host)` asks for credentials to use `\(repository)`"
        case .unknown(let what, let host): "`\(host)` has no \(what)"
        case .refused(let what, let host, let status, let reason):
            "`\(host)` refused \(what) with status \(status)" + (reason.isEmpty ? "" : ": \(reason)")
        case .notARegistry(let host, let reason):
            "`\(host)` does not answer as a registry does: \(reason)"
        case .wrongContent(let what, let host, let reason): "`\(host)` sent a wrong \(what): \(reason)"
        case .untrustedAddress(let address, let host, let what):
            "`\(host)` wants \(what) sent to `\(address)`"
        case .credentials(let reason): reason
        }
    }

    /// What the reader can do; `nil` if nothing but to try again comes to mind.
    package var remedy: String? {
        switch self {
        case .http(.noLibrary): "install it: `apt-get install libcurl4`"
        case .http(.untrusted):
            "name the authority that signed its certificate with `--registry-ca`, or the host with `--insecure-registry`"
        case .http(.noTLS): "if it is to be used without TLS, name it with `--insecure-registry`"
        case .http(.unknownHost), .http(.unreachable):
            "look whether the name is right, and whether a proxy is needed"
        case .unauthorised(let host, _, let hasCredentials):
            hasCredentials
                ? "log in as somebody who may: `layerbuild login \(host)`"
                : "log in: `layerbuild login \(host)`"
        case .http, .unknown, .refused, .notARegistry, .wrongContent, .untrustedAddress, .credentials:
            nil
        }
    }
}

/// How a transfer with somebody at its other end fails: the registry's fault, or theirs.
package enum RegistryFailure<Stop: Error>: Error {
    case registry(RegistryError)
    /// Whoever provides or takes the bytes ended it.
    case stopped(Stop)
}

extension RegistryError {
    /// The reason in an answer that is no success: the messages of the specification's `errors`, or the beginning of what
    /// came instead. distribution-spec, "Error codes".
    static func reason(_ response: HTTPResponse) -> String {
        if let errors = try? JSONValue.parse(response.body).object?["errors"]?.array {
            let messages = errors.prefix(3).compactMap { error -> String? in
                guard let object = error.object else { return nil }
                return [object["code"]?.string, object["message"]?.string].compactMap(\.self).joined(
                    separator: ": ")
            }
            return printable(messages.joined(separator: "; "))
        }
        return printable(String(decoding: response.body.prefix(80), as: UTF8.self))
    }

    /// At most 200 characters that cannot draw on a terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : $0 }
            ))
    }
}
