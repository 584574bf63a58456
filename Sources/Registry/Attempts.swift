/// Counts tries that came to nothing, and says when it is enough.
struct Attempts {
    private let pause: Pause
    private var count = 0
    private var start = ContinuousClock.now

    init(_ pause: Pause) { self.pause = pause }

    /// Something came of the last try: the count begins anew.
    mutating func succeed() {
        count = 0
        start = .now
    }

    /// Seconds to wait before the next try; `nil` if there should be none.
    mutating func next(after response: HTTPResponse? = nil) -> Double? {
        defer { count += 1 }
        let seconds = pause.seconds(after: count, response)
        let next = start.duration(to: .now) + .seconds(seconds)
        return count + 1 < Pause.maximumTries && next < .seconds(Pause.patience) ? seconds : nil
    }
}
