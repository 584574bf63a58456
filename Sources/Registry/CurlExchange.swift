import CCurl

/// One request on its way: what libcurl's callbacks are told, and what they decide.
final class CurlExchange {
    /// Why a callback ended the transfer.
    enum Verdict {
        case failed(HTTPError)
        /// Whoever provides or takes the bytes wants no more.
        case stopped
        /// What came is all that anybody wants to see.
        case enough
    }

    /// What is asked of whoever provides and takes the bytes. The answer is how many bytes were filled in; `nil` stops.
    typealias Serve = (HTTPEvent) -> Int?

    /// All header fields together.
    private static let headerLimit = 256 << 10
    /// What is kept of an answer that is no success: enough to say why.
    static let excerptLimit = 64 << 10

    private let request: HTTPRequest
    private let limit: Int64
    private let serve: Serve
    private let isInterrupted: () -> Bool

    private(set) var verdict: Verdict?
    private(set) var response: HTTPResponse?
    private var status = 0
    private var headers = HTTPHeaders()
    private var headerBytes = 0
    private var received: Int64 = 0
    private var sent: Int64 = 0
    private var watch: SilenceWatch

    /// `silence` is how many seconds may pass without a byte in any direction while a body is on its way.
    init(
        _ request: HTTPRequest, limit: Int64, silence: Int, isInterrupted: @escaping () -> Bool,
        serve: @escaping Serve
    ) {
        self.request = request
        self.limit = limit
        watch = SilenceWatch(request, silence: silence)
        self.isInterrupted = isInterrupted
        self.serve = serve
    }

    /// One line of a head, or the empty line behind it; false ends the transfer.
    private func header(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerLimit else {
            return end(.failed(.broken(request.url.origin.authority, reason: "its answer's head does not end")))
        }
        let text = Self.trimmed(String(decoding: line, as: UTF8.self)[...])
        if text.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return true
        }
        guard text.isEmpty else {
            if let colon = text.firstIndex(of: ":") {
                headers.add(
                    String(Self.trimmed(text[..<colon])), String(Self.trimmed(text[text.index(after: colon)...])))
            }
            return true
        }
        // Answers before the answer, such as 100, and fields behind the body count for nothing.
        guard status >= 200, response == nil else { return true }
        return complete(HTTPResponse(status: status, headers: headers, url: request.url, body: []))
    }

    private func complete(_ head: HTTPResponse) -> Bool {
        response = head
        guard head.isSuccess else { return true }
        if let length = head.contentLength, length > limit, request.method != .head {
            return end(.failed(.tooLong(request.url, limit: limit)))
        }
        return serve(.head(head)) == nil ? end(.stopped) : true
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let response, response.isSuccess else {
            let room = Self.excerptLimit - (response?.body.count ?? 0)
            self.response?.body.append(contentsOf: bytes.prefix(room))
            return bytes.count <= room ? true : end(.enough)
        }
        received += Int64(bytes.count)
        guard received <= limit else { return end(.failed(.tooLong(request.url, limit: limit))) }
        return serve(.bytes(bytes)) == nil ? end(.stopped) : true
    }

    /// The next bytes of the body to send; `nil` ends the transfer.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count: Int?
        switch request.body {
        case .none: return 0
        case .bytes(let bytes):
            let rest = bytes[min(Int(sent), bytes.count)...].prefix(buffer.count)
            rest.withUnsafeBytes { buffer.copyMemory(from: $0) }
            count = rest.count
        case .stream(let total):
            let room = Int(min(Int64(buffer.count), total - sent))
            count = room == 0 ? 0 : serve(.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]), at: sent))
        }
        guard let count else {
            verdict = .stopped
            return nil
        }
        sent += Int64(count)
        return count
    }

    /// Asked every second at least; false ends the transfer.
    private func continues(received: Int64, sent: Int64) -> Bool {
        if isInterrupted() { return end(.failed(.interrupted)) }
        guard watch.allows(received: received, sent: sent, at: .now) else {
            return end(.failed(.stalled(request.url.origin.authority)))
        }
        return true
    }

    private func end(_ verdict: Verdict) -> Bool {
        self.verdict = self.verdict ?? verdict
        return false
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.drop { $0.isWhitespace }
    }
}

extension CurlExchange {
    /// Hands the callbacks to whoever registers them. The context stands for this exchange, and does not keep it.
    func listen(
        _ register: (
            UnsafeMutableRawPointer, ccurl_transfer, ccurl_transfer, ccurl_transfer, ccurl_seek, ccurl_progress
        ) -> Void
    ) {
        register(
            Unmanaged.passUnretained(self).toOpaque(),
            { bytes, size, count, context in
                CurlExchange.at(context)?.header(CurlExchange.buffer(bytes, size * count)) == true ? size * count : 0
            },
            { bytes, size, count, context in
                CurlExchange.at(context)?.take(CurlExchange.buffer(bytes, size * count)) == true ? size * count : 0
            },
            { bytes, size, count, context in
                let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return CurlExchange.at(context)?.fill(room) ?? Int(CURL_READFUNC_ABORT)
            },
            { context, offset, origin in
                // SEEK_SET: libcurl sends the body again over another connection.
                guard origin == 0, offset >= 0 else { return CURL_SEEKFUNC_CANTSEEK }
                CurlExchange.at(context)?.sent = Int64(offset)
                return CURL_SEEKFUNC_OK
            },
            { context, _, received, _, sent in
                CurlExchange.at(context)?.continues(received: Int64(received), sent: Int64(sent)) == false ? 1 : 0
            })
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
        context.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func buffer(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes, count: count)
    }
}
