import CCurl

/// libcurl, opened.
struct CurlLibrary: Sendable {
    /// The flavour with OpenSSL, then the one with GnuTLS.
    private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]

    /// Pointers to code: they never change, and any thread may call them.
    nonisolated(unsafe) private let functions: ccurl

    init() throws(HTTPError) {
        var functions = ccurl()
        guard Self.names.contains(where: { ccurl_open($0, &functions) == 0 }) else { throw .noLibrary }
        self.functions = functions
    }

    func withFunctions<Result>(_ body: (UnsafePointer<ccurl>) -> Result) -> Result {
        withUnsafePointer(to: functions, body)
    }
}
