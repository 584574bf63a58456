import Linux
import Synchronization

extension Array where Element: Sendable {
    /// The value of each element, several worked out at once; in order.
    ///
    /// After an error no further element is begun. Of several errors the one of the first element is thrown, so that
    /// the same input gives the same message.
    func mapOnThreads<Value: Sendable, Failure: Error>(
        _ threads: Int, _ body: @escaping @Sendable (Element) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        let queue = ElementQueue(self, body)
        var helpers: [JoinedThread] = []
        for _ in 1..<Swift.max(1, Swift.min(threads, count)) {
            // Where no further thread can be had, those that are there do the work.
            guard let helper = try? JoinedThread({ queue.work() }) else { break }
            helpers.append(helper)
        }
        queue.work()
        for helper in helpers { helper.join() }
        return try queue.finish()
    }
}

/// Elements that threads take one by one, and what became of each.
private final class ElementQueue<Element: Sendable, Value: Sendable, Failure: Error>: Sendable {
    private struct State {
        var next = 0
        var isFailed = false
        var results: [Result<Value, Failure>?]
    }

    private let elements: [Element]
    private let body: @Sendable (Element) throws(Failure) -> Value
    private let state: Mutex<State>

    init(_ elements: [Element], _ body: @escaping @Sendable (Element) throws(Failure) -> Value) {
        self.elements = elements
        self.body = body
        state = Mutex(State(results: Array(repeating: nil, count: elements.count)))
    }

    func work() {
        while let index = take() {
            let result: Result<Value, Failure>
            do throws(Failure) { result = .success(try body(elements[index])) } catch { result = .failure(error) }
            state.withLock { state in
                state.results[index] = result
                if case .failure = result { state.isFailed = true }
            }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard !state.isFailed, state.next < elements.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func finish() throws(Failure) -> [Value] {
        var values: [Value] = []
        for result in state.withLock({ $0.results }) {
            guard let result else { continue }
            values.append(try result.get())
        }
        return values
    }
}
