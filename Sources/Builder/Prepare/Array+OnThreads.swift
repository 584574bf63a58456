import Linux
import Synchronization

extension Array where Element: Sendable {
    /// The value of each element, several worked out at once; in order.
    ///
    /// After an error no further element is begun. Of several errors the one of the first element is thrown, so that
    /// the same input gives the same message.
    func mapOnThreads<Value: Sendable>(
        _ threads: Int, _ body: @escaping @Sendable (Element) throws(ImageError) -> Value
    ) throws(ImageError) -> [Value] {
        let queue = ElementQueue(self, body)
        do throws(SyscallError) {
            var helpers: [JoinedThread] = []
            for _ in 1..<Swift.max(1, Swift.min(threads, count)) {
                helpers.append(try JoinedThread { queue.work() })
            }
            queue.work()
        } catch {
            throw .system(error)
        }
        return try queue.finish()
    }
}

/// Elements that threads take one by one, and what became of each.
private final class ElementQueue<Element: Sendable, Value: Sendable>: Sendable {
    private struct State {
        var next = 0
        var isFailed = false
        var results: [Result<Value, ImageError>?]
    }

    private let elements: [Element]
    private let body: @Sendable (Element) throws(ImageError) -> Value
    private let state: Mutex<State>

    init(_ elements: [Element], _ body: @escaping @Sendable (Element) throws(ImageError) -> Value) {
        self.elements = elements
        self.body = body
        state = Mutex(State(results: Array(repeating: nil, count: elements.count)))
    }

    func work() {
        while let index = take() {
            let result: Result<Value, ImageError>
            do throws(ImageError) { result = .success(try body(elements[index])) } catch { result = .failure(error) }
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

    func finish() throws(ImageError) -> [Value] {
        var values: [Value] = []
        for result in state.withLock({ $0.results }) {
            guard let result else { continue }
            values.append(try result.get())
        }
        return values
    }
}
