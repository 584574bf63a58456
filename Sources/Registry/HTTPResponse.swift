/// What a server answered.
package struct HTTPResponse: Hashable, Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Where the answer came from, redirections followed.
    package let url: URL
    /// The body, if it was asked for as a whole; of an answer that is no success its beginning.
    package var body: [UInt8]

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// How long the server says that the body is; `nil` if it does not say it in a number.
    package var contentLength: Int64? { headers["Content-Length"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil } }
}
