/// Threads that may block: for system calls, for commands, for compression.
///
/// The threads of Swift's own pool are as few as the processors, and one that blocks there holds up everything else.
package final class Workers: TaskExecutor {
    private let queue: WorkerQueue

    /// At most so many threads, at least one; they start when they are needed.
    package init(count: Int) throws(SyscallError) { queue = try WorkerQueue(limit: count) }

    deinit { queue.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), for: asUnownedTaskExecutor())
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
