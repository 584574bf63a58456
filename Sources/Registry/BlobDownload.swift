package import OCI

extension RegistryClient {
    /// Fetches a blob: `take` gets its bytes in order, each once, and may be slow.
    ///
    /// A transfer that breaks is taken up where it broke. When this returns, the bytes were as many as the descriptor
    /// says and have its digest; what was handed over before an error may be anything.
    package func download<Stop: Error>(
        _ descriptor: Descriptor, take: (UnsafeRawBufferPointer) throws(Stop) -> Void
    ) throws(RegistryFailure<Stop>) {
        var hasher = DigestHasher()
        var received: Int64 = 0
        var mayContinue = true
        var attempts = Attempts(connection.pause)
        while received < descriptor.size {
            let start = received
            let outcome = try attempt(descriptor, after: start, asksForRest: mayContinue) {
                bytes throws(Stop) in
                hasher.update(bytes)
                received += Int64(bytes.count)
                try take(bytes)
            }
            if case .foreignRange = outcome { mayContinue = false }
            if received - start >= Self.progress { attempts.succeed() }
            guard let failure = outcome.failure(self, descriptor, isComplete: received == descriptor.size)
            else { continue }
            guard failure.isPassing, let seconds = attempts.next(after: outcome.response) else {
                throw .registry(failure)
            }
            guard Pause.wait(seconds, connection.interruption) else {
                throw .registry(.http(.interrupted))
            }
        }
        let digest = hasher.finish()
        guard digest == descriptor.digest else {
            throw .registry(
                .wrongContent(
                    "blob", host: host, reason: "it is \(digest) and should be \(descriptor.digest)"))
        }
    }

    /// Less than this in a try counts as nothing.
    private static var progress: Int64 { 64 << 10 }

    /// What became of one try.
    private enum Outcome {
        case answered(HTTPResponse)
        /// A stretch came that nobody had asked for.
        case foreignRange
        case failed(RegistryError)

        var response: HTTPResponse? {
            if case .answered(let response) = self { response } else { nil }
        }

        func failure(
            _ client: RegistryClient, _ descriptor: Descriptor, isComplete: Bool
        )
            -> RegistryError?
        {
            switch self {
            case .failed(let error): return error
            case .foreignRange:
                return .http(.broken(client.host, reason: "it sent another stretch than the one asked for"))
            case .answered(let response):
                if response.status == 404 {
                    return .unknown("blob \(descriptor.digest)", host: client.host)
                }
                guard response.isSuccess else {
                    return client.connection.refusal(response, "blob \(descriptor.digest)")
                }
                return isComplete ? nil : .http(.broken(client.host, reason: "the body ended early"))
            }
        }
    }

    /// Asks for the bytes from `start` on. Where the whole comes instead, its beginning is passed over.
    private func attempt<Stop: Error>(
        _ descriptor: Descriptor, after start: Int64, asksForRest: Bool,
        take: (UnsafeRawBufferPointer) throws(Stop) -> Void
    ) throws(RegistryFailure<Stop>) -> Outcome {
        var request = RegistryRequest(
            .get, .path("\(repository)/blobs/\(descriptor.digest)"), subject: "blob \(descriptor.digest)",
            scopes: pulling)
        if start > 0, asksForRest { request.headers["Range"] = "bytes=\(start)-" }
        var surplus: Int64 = 0
        var room = descriptor.size - start
        var isForeign = false
        do throws(RegistryFailure<Stop>) {
            let response = try connection.once(request) { request throws(HTTPFailure<Stop>) in
                try connection.transport.download(request, limit: descriptor.size) {
                    response throws(Stop) in
                    surplus = response.status == 206 ? 0 : start
                    isForeign =
                        response.status == 206
                        && !Self.continues(response.headers["Content-Range"], from: start, of: descriptor.size)
                } take: { bytes throws(Stop) in
                    if isForeign { return }
                    let skipped = Int(min(surplus, Int64(bytes.count)))
                    surplus -= Int64(skipped)
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[skipped...].prefix(Int(room)))
                    room -= Int64(rest.count)
                    if !rest.isEmpty { try take(rest) }
                }
            }
            return isForeign ? .foreignRange : .answered(response)
        } catch {
            guard case .registry(let error) = error else { throw error }
            return .failed(error)
        }
    }

    /// True for `bytes START-END/TOTAL` of exactly the stretch that is missing (RFC 9110, section 14.4).
    static func continues(_ range: String?, from start: Int64, of total: Int64) -> Bool {
        guard let range, range.hasPrefix("bytes ") else { return false }
        let numbers = range.dropFirst(6).split(whereSeparator: { $0 == "-" || $0 == "/" }).map {
            Int64($0)
        }
        return numbers.count == 3 && numbers[0] == start && numbers[1] == total - 1
            && (numbers[2] == total || range.hasSuffix("/*"))
    }
}
