import CCurl

/// One of libcurl's handles: a connection or two that stay open, and the options of the next request.
///
/// One thread at a time may have it. Both pointers are the handle's own and never change, and libcurl binds a handle to no
/// thread: that is what the compiler cannot see.
final class CurlHandle: Sendable {
    private let libcurl: CurlLibrary
    nonisolated(unsafe) private let pointer: UnsafeMutableRawPointer
    /// Where libcurl writes what went wrong.
    nonisolated(unsafe) private let message: UnsafeMutablePointer<CChar>

    init(_ libcurl: CurlLibrary) throws(HTTPError) {
        guard let pointer = libcurl.withFunctions({ $0.pointee.easy_init() }) else { throw .noLibrary }
        self.libcurl = libcurl
        self.pointer = pointer
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        libcurl.withFunctions { $0.pointee.easy_cleanup(pointer) }
        message.deallocate()
    }

    /// Forgets every option and keeps the connections.
    func reset() {
        libcurl.withFunctions { $0.pointee.easy_reset(pointer) }
        message.pointee = 0
        libcurl.withFunctions { _ = ccurl_set_pointer($0, pointer, CURLOPT_ERRORBUFFER, message) }
    }

    func set(_ option: CURLoption, _ value: Int) {
        libcurl.withFunctions { _ = ccurl_set_long($0, pointer, option, value) }
    }

    func set(_ option: CURLoption, size: Int64) {
        libcurl.withFunctions { _ = ccurl_set_size($0, pointer, option, size) }
    }

    /// libcurl keeps a copy.
    func set(_ option: CURLoption, _ text: String) {
        libcurl.withFunctions { functions in
            text.withCString { _ = ccurl_set_pointer(functions, pointer, option, $0) }
        }
    }

    /// Trusts these certificates, as PEM, and those that lie in the system's folder.
    func trust(_ authorities: [UInt8]) {
        libcurl.withFunctions { functions in
            authorities.withUnsafeBytes { _ = ccurl_set_authorities(functions, pointer, $0.baseAddress, $0.count) }
        }
    }

    /// The file with the certificates that are trusted unless something else is said.
    var authoritiesPath: String? {
        libcurl.withFunctions { functions in ccurl_authorities(functions, pointer).map { String(cString: $0) } }
    }

    /// Makes the request that has been set up, with `headers`, and blocks until it is over.
    ///
    /// - Returns: `nil` if it went well, else libcurl's code and its words.
    func perform(_ headers: [String], _ exchange: CurlExchange) -> (code: CURLcode, reason: String)? {
        libcurl.withFunctions { functions in
            var list: UnsafeMutablePointer<curl_slist>?
            for header in headers { list = functions.pointee.slist_append(list, header) ?? list }
            defer { functions.pointee.slist_free_all(list) }
            _ = ccurl_set_pointer(functions, pointer, CURLOPT_HTTPHEADER, list)
            exchange.listen { context, header, write, read, seek, progress in
                ccurl_set_callbacks(functions, pointer, context, header, write, read, seek, progress)
            }
            let code = withExtendedLifetime(exchange) { functions.pointee.easy_perform(pointer) }
            guard code != CURLE_OK else { return nil }
            let words = message.pointee == 0 ? functions.pointee.easy_strerror(code) : UnsafePointer(message)
            return (code, words.map { String(cString: $0) } ?? "error \(code.rawValue)")
        }
    }
}
