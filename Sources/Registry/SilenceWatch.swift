/// Notices that nothing moves any more while a body is still on its way, where the answer to it may take longer.
///
/// libcurl has one limit for both, which then is the longer one.
struct SilenceWatch {
    private let body: Int64
    /// `nil` where libcurl's own limit is enough.
    private let limit: Duration?
    private var moved: Int64 = 0
    private var start: ContinuousClock.Instant?

    /// `silence` is in seconds.
    init(_ request: HTTPRequest, silence: Int) {
        body = request.body.count
        limit = request.patience > 0 ? .seconds(silence) : nil
    }

    /// False if part of the body is still to be sent, and nothing has been for too long.
    mutating func allows(received: Int64, sent: Int64, at now: ContinuousClock.Instant) -> Bool {
        guard let limit, sent < body else { return true }
        guard let start, sent + received == moved else {
            (self.start, moved) = (now, sent + received)
            return true
        }
        return start.duration(to: now) < limit
    }
}
