import Linux
import Synchronization

/// What is left to do for steps that are done as far as other steps can see: one thread does it, in order, while those
/// go on.
final class Backlog: Sendable {
    typealias Work = @Sendable () throws(BuildError) -> Void

    /// More than this is not put off: files are kept open for it.
    private static let depth = 16

    private let works = BoundedQueue<Work>(capacity: Backlog.depth)
    private let failure = SharedState<BuildError?>(nil)
    private let thread = Mutex<JoinedThread?>(nil)

    /// Puts a work off, or does it now if there is no thread for it.
    func add(_ work: @escaping Work) throws(BuildError) {
        let hasThread = thread.withLock { thread in
            if thread == nil {
                thread = try? JoinedThread { [works, failure] in
                    while let next = works.take() { Self.run(next, failure) }
                }
            }
            return thread != nil
        }
        guard !hasThread || !works.put(work) else { return }
        try work()
    }

    /// After an error nothing further is done: the build has failed.
    private static func run(_ work: Work, _ failure: SharedState<BuildError?>) {
        guard failure.update({ $0 == nil }) else { return }
        do throws(BuildError) { try work() } catch { failure.update { $0 = error } }
    }

    /// Waits until everything is done; throws the first error.
    func finish() throws(BuildError) {
        works.close()
        thread.withLock { $0 = nil }
        if let failure = failure.update({ $0 }) { throw failure }
    }

    deinit { works.close() }
}
