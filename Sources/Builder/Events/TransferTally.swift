import Synchronization

/// Adds up what several threads move, and tells it now and then.
package final class TransferTally: Sendable {
    private struct State {
        var done: Int64 = 0
        var total: Int64 = 0
        var told: Int64 = 0
    }

    /// How many bytes come between two events.
    private static let step: Int64 = 1 << 20

    private let task: TaskID
    private let events: EventSink
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    package init(_ name: String, _ events: @escaping EventSink) {
        task = TaskID(name)
        self.events = events
        events(.task(task, .started))
    }

    package func expect(_ bytes: Int64) { state.withLock { $0.total = Self.sum($0.total, bytes) } }

    package func add(_ bytes: Int64) {
        let event = state.withLock { state -> TaskEvent? in
            state.done = Self.sum(state.done, bytes)
            guard state.done - state.told >= Self.step else { return nil }
            state.told = state.done
            return .progress(done: state.done, total: state.total)
        }
        if let event { events(.task(task, event)) }
    }

    package func finish(_ detail: String? = nil) {
        events(.task(task, .finished(seconds: start.duration(to: .now).seconds, detail: detail)))
    }

    package func fail() { events(.task(task, .failed)) }

    /// Sizes come from outside: more than there can be is the most there can be.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? .max : sum
    }
}
