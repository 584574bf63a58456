package import OCI

extension RegistryClient {
    /// How a blob came to be where it was wanted.
    package enum Arrival: Hashable, Sendable {
        /// The repository had it.
        case present
        /// The registry took it over from another of its repositories.
        case mounted
        case uploaded
    }

    /// Makes sure that the repository has a blob, moving bytes only if the registry has it nowhere that we know of.
    ///
    /// `read` fills a buffer from an offset of the blob on, and may be asked for the same bytes again. `origins` are
    /// repositories of the same registry that may have the blob.
    package func push<Stop: Error>(
        _ descriptor: Descriptor, origins: [String] = [],
        read: (UnsafeMutableRawBufferPointer, Int64) throws(Stop) -> Int
    ) throws(RegistryFailure<Stop>) -> Arrival {
        let arrival = try RegistryFailure<Stop>.registry { () throws(RegistryError) -> Arrival? in
            if try has(descriptor) { return .present }
            for origin in origins where origin != repository {
                if try mount(descriptor, from: origin) { return .mounted }
            }
            return nil
        }
        if let arrival { return arrival }
        var attempts = Attempts(connection.pause)
        while true {
            do throws(RegistryFailure<Stop>) {
                try upload(descriptor, read)
                return .uploaded
            } catch {
                guard try pause(after: error, &attempts) else { throw error }
            }
        }
    }

    /// Asks whether the repository has a blob (distribution-spec, "Checking if content exists in the registry").
    ///
    /// An answer that is about something else counts as none: what stands before a registry may say yes to everything,
    /// and a blob that is sent once too often does no harm.
    package func has(_ descriptor: Descriptor) throws(RegistryError) -> Bool {
        let request = RegistryRequest(
            .head, .path("\(repository)/blobs/\(descriptor.digest)"), subject: place, scopes: pushing)
        let response = try small(request)
        if response.status == 404 { return false }
        guard response.isSuccess else { throw connection.refusal(response, "blob \(descriptor.digest)") }
        if let digest = response.headers["Docker-Content-Digest"] { return digest == descriptor.digest.description }
        return response.headers["Content-Length"] == String(descriptor.size)
    }

    /// Lets the registry take a blob from another repository; false if it does not.
    private func mount(_ descriptor: Descriptor, from origin: String) throws(RegistryError) -> Bool {
        let query = "mount=\(URL.encoded(descriptor.digest.description))&from=\(URL.encoded(origin))"
        let request = RegistryRequest(
            .post, .path("\(repository)/blobs/uploads/", query: query), subject: place,
            scopes: pushing + ["repository:\(origin):pull"])
        do throws(RegistryError) { return try small(request).status == 201 } catch {
            // Who may not read the other repository uploads the blob.
            if case .unauthorised = error { return false }
            throw error
        }
    }

    /// Waits before another try; false if there should be none.
    func pause<Stop: Error>(
        after failure: RegistryFailure<Stop>, _ attempts: inout Attempts
    ) throws(RegistryFailure<Stop>) -> Bool {
        guard case .registry(let cause) = failure, cause.isPassing, let seconds = attempts.next() else { return false }
        guard Pause.wait(seconds, connection.interruption) else { throw .registry(.http(.interrupted)) }
        return true
    }

    func small(_ request: RegistryRequest) throws(RegistryError) -> HTTPResponse {
        try connection.send(request, limit: 64 << 10)
    }
}

extension RegistryFailure {
    /// Runs what talks to the registry alone.
    static func registry<Value>(_ body: () throws(RegistryError) -> Value) throws(RegistryFailure<Stop>) -> Value {
        do throws(RegistryError) { return try body() } catch { throw .registry(error) }
    }
}
