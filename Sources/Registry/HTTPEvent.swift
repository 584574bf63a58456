/// What happens while a request is under way, to whoever provides and takes the bytes.
package enum HTTPEvent {
    /// The next bytes to send are wanted: from `at` on, as many as there is room for. Told again from an earlier place
    /// if they have to be sent once more.
    case fill(UnsafeMutableRawBufferPointer, at: Int64)
    /// The answer is a success, and its body follows.
    case head(HTTPResponse)
    /// The next bytes of a success's body.
    case bytes(UnsafeRawBufferPointer)
}
