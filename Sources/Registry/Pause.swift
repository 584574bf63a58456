import Glibc
import Linux

/// How long to wait before something is tried again: what the server asks for, or twice as long each time, never long.
///
/// The time differs from one client to the next by a seed, so that many that failed together do not come back together.
struct Pause {
    /// How often something is tried without anything coming of it.
    static let maximumTries = 5
    /// So many seconds after the first try without anything coming of it no other begins.
    static let patience = 25.0
    private static let longest = 10.0
    private static let shortest = 0.25

    let seed: UInt64

    /// Seconds to wait after the `attempt`-th try, counted from zero.
    func seconds(after attempt: Int, _ response: HTTPResponse?) -> Double {
        if let asked = response?.headers["Retry-After"].flatMap({ Int64($0) }), asked >= 0 {
            return min(Double(asked), Self.longest)
        }
        let full = min(Self.shortest * Double(1 << min(attempt, 10)), Self.longest)
        let part =
            (seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: attempt) &* 0xBF58_476D_1CE4_E5B9)
            >> 40
        return full * (0.75 + 0.25 * Double(part) / Double(1 << 24))
    }

    /// Waits; false if somebody wants to stop meanwhile.
    static func wait(_ seconds: Double, _ interruption: Interruption?) -> Bool {
        let milliseconds = Int32(seconds * 1000)
        if let interruption { return !interruption.wait(milliseconds: milliseconds) }
        poll(nil, 0, milliseconds)
        return true
    }
}
