/// A value that one thread at a time touches, and for whose changes the others can wait.
///
/// Unchecked, since the compiler cannot see that `state` is touched behind the monitor only.
package final class SharedState<State: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private var state: State

    package init(_ state: State) { self.state = state }

    /// Changes the value and wakes everyone who waits for a change.
    package func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        monitor.locked {
            defer { monitor.wakeAll() }
            return body(&state)
        }
    }

    /// Blocks until `body` returns something. It is asked at once and after every change.
    package func wait<Result: Sendable>(for body: (inout State) -> Result?) -> Result {
        monitor.locked {
            while true {
                if let result = body(&state) { return result }
                monitor.wait()
            }
        }
    }
}
