import CCurl

extension HTTPError {
    /// What a code of libcurl's means to us. `reason` is its own words.
    init(_ code: CURLcode, _ reason: String, _ url: URL) {
        let host = url.origin.authority
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .unknownHost(url.origin.host)
        case CURLE_COULDNT_CONNECT: self = .unreachable(host, reason: reason)
        case CURLE_OPERATION_TIMEDOUT: self = .stalled(host)
        case CURLE_SSL_CONNECT_ERROR: self = .noTLS(host, reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .untrusted(host, reason: reason)
        default: self = .broken(host, reason: reason)
        }
    }
}
