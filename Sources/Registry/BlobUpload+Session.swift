import OCI

extension RegistryClient {
    /// Sends a blob: a place is asked for, pieces go there, and the last one ends the upload (distribution-spec, "Push").
    func upload<Stop: Error>(
        _ descriptor: Descriptor, _ read: (UnsafeMutableRawBufferPointer, Int64) throws(Stop) -> Int
    ) throws(RegistryFailure<Stop>) {
        var session = try RegistryFailure<Stop>.registry { () throws(RegistryError) in try begin() }
        var sent: Int64 = 0
        var losses = Attempts(connection.pause)
        while descriptor.size - sent > pieceSize {
            let end = sent + pieceSize
            let response = try piece(sent..<end, to: session, read)
            let (next, arrived) = try RegistryFailure<Stop>.registry { () throws(RegistryError) in
                (try location(response), try taken(response) ?? end)
            }
            // What it has not kept is sent again, and that not for ever.
            guard sent < arrived, arrived == end || arrived < end && losses.next() != nil else {
                let reason = "it has \(arrived) bytes of an upload and was sent those from \(sent) to \(end)"
                throw .registry(.notARegistry(host: host, reason: reason))
            }
            (session, sent) = (next, arrived)
        }
        var request = RegistryRequest(
            .put, .url(session.adding("digest", descriptor.digest.description)), subject: place, scopes: pushing)
        request.headers["Content-Type"] = "application/octet-stream"
        if sent > 0 { request.headers["Content-Range"] = "\(sent)-\(descriptor.size - 1)" }
        request.patience = patience(for: descriptor.size)
        let response = try stream(request, from: sent, count: descriptor.size - sent, read)
        try RegistryFailure<Stop>.registry { () throws(RegistryError) in try check(response, took: descriptor) }
    }

    /// Makes sure that the registry took what it was sent. One that does not say so is asked.
    private func check(_ response: HTTPResponse, took descriptor: Descriptor) throws(RegistryError) {
        guard response.status == 201 || response.status == 204 else {
            throw connection.refusal(response, "blob \(descriptor.digest)")
        }
        if let said = response.headers["Docker-Content-Digest"].flatMap({ Digest($0) }) {
            guard said == descriptor.digest else {
                throw .wrongContent("answer", host: host, reason: "it took \(said), and was sent \(descriptor.digest)")
            }
        } else if try !has(descriptor) {
            throw .wrongContent("answer", host: host, reason: "it took \(descriptor.digest) and does not have it")
        }
    }

    /// Seconds that the registry may take to look through so many bytes: it hashes a blob, and may copy it, before it says
    /// that it has it.
    private func patience(for size: Int64) -> Int { Int(clamping: size / digestionRate) }

    /// Where the registry wants a new blob.
    private func begin() throws(RegistryError) -> URL {
        let response = try small(
            RegistryRequest(.post, .path("\(repository)/blobs/uploads/"), subject: place, scopes: pushing))
        guard response.status == 202 else { throw connection.refusal(response, "an upload to `\(repository)`") }
        return try location(response)
    }

    /// Sends one stretch of a blob, and what is missing of it if the transfer breaks.
    private func piece<Stop: Error>(
        _ range: Range<Int64>, to session: URL, _ read: (UnsafeMutableRawBufferPointer, Int64) throws(Stop) -> Int
    ) throws(RegistryFailure<Stop>) -> HTTPResponse {
        var attempts = Attempts(connection.pause)
        var start = range.lowerBound
        while true {
            var request = RegistryRequest(.patch, .url(session), subject: place, scopes: pushing)
            request.headers["Content-Type"] = "application/octet-stream"
            request.headers["Content-Range"] = "\(start)-\(range.upperBound - 1)"
            request.patience = patience(for: Int64(range.count))
            do throws(RegistryFailure<Stop>) {
                let response = try stream(request, from: start, count: range.upperBound - start, read)
                guard response.status == 202 else { throw .registry(connection.refusal(response, "a part of a blob")) }
                return response
            } catch {
                guard try pause(after: error, &attempts) else { throw error }
                let (answer, arrived) = try RegistryFailure<Stop>.registry { () throws(RegistryError) in
                    let answer = try small(RegistryRequest(.get, .url(session), subject: place, scopes: pushing))
                    return (answer, try taken(answer))
                }
                // Only the answer was lost.
                if arrived == range.upperBound { return answer }
                guard let arrived, range.contains(arrived) else { throw error }
                start = arrived
            }
        }
    }

    /// How many bytes of the blob the registry says that it has; `nil` if it does not say it, as with the range `0-0`,
    /// which stands for one byte and for none.
    private func taken(_ response: HTTPResponse) throws(RegistryError) -> Int64? {
        guard let range = response.headers["Range"] else { return nil }
        let text = range.hasPrefix("bytes=") ? range.dropFirst(6) : range[...]
        guard let last = text.split(separator: "-").last.flatMap({ Int64($0) }), last >= 0, last < Int64.max else {
            throw .notARegistry(host: host, reason: "it says that it has the range `\(range)` of an upload")
        }
        return last == 0 ? nil : last + 1
    }

    private func stream<Stop: Error>(
        _ request: RegistryRequest, from start: Int64, count: Int64,
        _ read: (UnsafeMutableRawBufferPointer, Int64) throws(Stop) -> Int
    ) throws(RegistryFailure<Stop>) -> HTTPResponse {
        var request = request
        request.body = .stream(count: count)
        let response = try connection.once(request) { (request) throws(HTTPFailure<Stop>) in
            try connection.transport.upload(request) { (buffer, offset) throws(Stop) in
                try read(buffer, start + offset)
            }
        }
        guard !RegistryError.passingStatus.contains(response.status) else {
            throw .registry(connection.refusal(response, "an upload to `\(repository)`"))
        }
        return response
    }

    /// Where the registry sends us on: to itself, and to nobody else.
    private func location(_ response: HTTPResponse) throws(RegistryError) -> URL {
        guard let text = response.headers["Location"] else {
            throw .notARegistry(host: host, reason: "it takes an upload and does not say where")
        }
        guard let url = response.url.resolving(text), url.origin == connection.origin else {
            throw .untrustedAddress(text, host: host, what: "an upload")
        }
        return url
    }
}
