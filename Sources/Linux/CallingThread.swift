/// The thread of whoever calls, as the executor of a task: for a program's first, which need not start Swift's own pool.
///
/// Its threads and what they wait with cost more than a build of which nothing changed has to do. A task that
/// prefers this executor, its child tasks, and the functions it awaits that are not some actor's run here, one at a time;
/// while this thread does work of ``Workers`` beside it, on one of theirs.
package final class CallingThread: TaskExecutor {
    let queue = WorkerQueue()

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), .turn, for: asUnownedTaskExecutor())
    }

    /// Does what comes, for ever: the task ends the process.
    package func work() { queue.work() }
}
