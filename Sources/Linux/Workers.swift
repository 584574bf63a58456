/// Threads that may block: for system calls, for commands, for compression.
///
/// The threads of Swift's own pool are as few as the processors, and one that blocks there holds up everything else.
package final class Workers: TaskExecutor {
    private let queue: WorkerQueue
    private let isAlone: Bool

    /// At most so many threads, at least one; they start when they are needed.
    ///
    /// The thread beside them does their work when it has nothing else to do, so that one piece of work after the other
    /// needs no other thread. The same thread is beside one group of workers at a time.
    package init(count: Int, beside thread: CallingThread? = nil) throws(SyscallError) {
        isAlone = thread == nil
        guard let thread else {
            queue = try WorkerQueue(limit: count)
            return
        }
        queue = thread.queue
        queue.admit(blocking: count)
    }

    deinit { if isAlone { queue.close() } }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), .blocking, for: asUnownedTaskExecutor())
    }

    /// Runs `body` on a worker and waits for it without occupying a thread of Swift's pool.
    package func run<Value: Sendable, Failure: Error>(
        _ body: @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskExecutorPreference(self) { () async throws(Failure) -> Value in
            try await hop(body)
        }
    }
}

/// Leaves the caller's actor, so that the executor preference decides where the body runs.
@concurrent
private func hop<Value: Sendable, Failure: Error>(
    _ body: @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    try body()
}
