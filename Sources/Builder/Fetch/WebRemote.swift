import Frontend
import Linux
import OCI
import Registry
import Store

/// A file somewhere in the web: asks whether it is what the store has of it, and fetches it if it is not.
struct WebRemote {
    /// More than any file that is put into an image, and less than a server could send without end.
    private static let limit: Int64 = 64 << 30
    private static let attempts: Int32 = 3

    let address: WebAddress
    /// The value of the header that opens it; `nil` if there is none.
    let authorization: String?
    let transport: HTTPTransport
    let store: Store
    let interruption: Interruption

    private enum Answer {
        case unchanged
        case fetched(DownloadRecord)
        case refused(status: Int)
        case failed(HTTPError)
    }

    /// What is there now, as a blob of the store. With a checksum nobody is asked if the store has it from there.
    func fetch(expecting checksum: Digest?) throws(BuildError) -> DownloadRecord {
        let known = try fromStore { () throws(StoreError) in try store.downloads.record(of: address.text) }
        if let known, known.digest == checksum { return known }
        // What is known is not what is wanted: then it does not matter whether it is still there.
        let base = checksum == nil ? known : nil
        let request = try request(since: base)
        var attempt: Int32 = 1
        while true {
            let problem: String
            let isPassing: Bool
            switch try ask(request, checksum) {
            case .fetched(let record): return record
            case .unchanged:
                if let base { return base }
                (problem, isPassing) = ("the server answers 304, and was not asked for that", false)
            case .refused(let status):
                (problem, isPassing) = ("the server answers \(status)", status == 429 || status >= 500)
            case .failed(let error): (problem, isPassing) = (error.description, error.isPassing)
            }
            guard isPassing, attempt < Self.attempts else { throw failure(problem) }
            guard !interruption.wait(milliseconds: 250 << attempt) else { throw .interrupted }
            attempt += 1
        }
    }

    private func request(since known: DownloadRecord?) throws(BuildError) -> HTTPRequest {
        guard let url = URL(address.text) else {
            throw BuildError(
                .recipe, "bad-address", "`\(address.shown)` is no address that can be fetched",
                hint: "write `https://host/path`; a password is given with `--secret id=HTTP_AUTH_HEADER_host`")
        }
        var request = HTTPRequest(.get, url)
        request.headers["Authorization"] = authorization
        request.headers["If-None-Match"] = known?.tag
        if known?.tag == nil { request.headers["If-Modified-Since"] = known?.modifiedText }
        return request
    }

    /// Asks once, and puts what comes into the store if it is what it should be.
    private func ask(_ request: HTTPRequest, _ checksum: Digest?) throws(BuildError) -> Answer {
        let blob = try fromStore { () throws(StoreError) in try store.blobs.newBlob() }
        let target = try fromStore { () throws(StoreError) in try blob.output() }
        var hasher = DigestHasher()
        var size: Int64 = 0
        let response: HTTPResponse
        do throws(HTTPFailure<SyscallError>) {
            response = try transport.download(request, limit: Self.limit) { _ throws(SyscallError) in
            } take: { bytes throws(SyscallError) in
                hasher.update(bytes)
                size += Int64(bytes.count)
                try target.write(bytes)
            }
        } catch {
            switch error {
            case .stopped(let error): throw BuildError(error, doing: "keeping what comes from `\(address.shown)`")
            case .http(.interrupted): throw .interrupted
            case .http(let error): return .failed(error)
            }
        }
        if response.status == 304 { return .unchanged }
        guard response.status == 200 else { return .refused(status: response.status) }

        let digest = hasher.finish()
        guard checksum ?? digest == digest else { throw mismatch(digest, checksum) }
        do { try blob.commit(as: digest, size: size) } catch { throw BuildError(error) }
        let modified = response.headers["Last-Modified"]
        let record = DownloadRecord(
            digest: digest, size: size, modified: modified.flatMap(HTTPDate.seconds), tag: response.headers["ETag"],
            modifiedText: modified)
        try fromStore { () throws(StoreError) in try store.downloads.insert(record, of: address.text) }
        return .fetched(record)
    }

    private func failure(_ problem: String) -> BuildError {
        BuildError(
            .network, "fetch", "`\(address.shown)` cannot be fetched: \(problem)",
            hint: "look whether the address is right, and whether this machine reaches its host")
    }

    private func mismatch(_ found: Digest, _ wanted: Digest?) -> BuildError {
        BuildError(
            .input, "checksum-mismatch",
            "`\(address.shown)` should be \(wanted.map { "\($0)" } ?? "something else") and is \(found)",
            hint: "find out whether its host may be trusted before you change the checksum")
    }
}
