import Glibc
import SystemPackage

/// The jobs that wait for a worker, and the workers that wait for a job.
///
/// Threads are started when there is more to do than idle ones can take, and stay until the queue is closed: a command
/// dies with the thread that started it. Unchecked, since the compiler cannot see that the variables are touched behind
/// the monitor only.
final class WorkerQueue: @unchecked Sendable {
    private let monitor = Monitor()
    private let limit: Int
    private var jobs: [(job: UnownedJob, executor: UnownedTaskExecutor)] = []
    private var nextJob = 0
    private var threads = 0
    /// How many threads are at a job. The others wait for one, or are about to: a thread that has just been started too.
    private var busy = 0
    private var isClosed = false

    /// At most `limit` threads, and one at once, so that no job waits for ever.
    init(limit: Int) throws(SyscallError) {
        self.limit = limit
        try startThread()
        threads = 1
    }

    /// Without threads of its own: somebody else's does the work.
    init() { limit = 0 }

    func append(_ job: UnownedJob, for executor: UnownedTaskExecutor) {
        monitor.locked {
            jobs.append((job, executor))
            // Where the machine allows no further thread, the others do the work.
            if jobs.count - nextJob > threads - busy, threads < limit, (try? startThread()) != nil { threads += 1 }
        }
        // Only now, since whoever wakes needs the lock.
        monitor.wakeOne()
    }

    /// Lets the threads end once they have nothing left to do.
    func close() {
        monitor.locked {
            isClosed = true
            monitor.wakeAll()
        }
    }

    /// Does what comes until the queue is closed.
    func work() {
        var finished = 0
        while let next = takeJob(after: finished) {
            next.job.runSynchronously(on: next.executor)
            finished = 1
        }
    }

    /// The next job for a thread that comes from so many: from none when it begins.
    private func takeJob(after finished: Int) -> (job: UnownedJob, executor: UnownedTaskExecutor)? {
        monitor.locked {
            busy -= finished
            while nextJob == jobs.count, !isClosed { monitor.wait() }
            guard nextJob < jobs.count else { return nil }
            busy += 1
            let job = jobs[nextJob]
            nextJob += 1
            if nextJob == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                nextJob = 0
            }
            return job
        }
    }

    private func startThread() throws(SyscallError) {
        var thread = pthread_t()
        let queue = Unmanaged.passRetained(self)
        let error = pthread_create(&thread, nil, { workerMain($0) }, queue.toOpaque())
        guard error == 0 else {
            queue.release()
            throw SyscallError("pthread_create", "", Errno(rawValue: error))
        }
        pthread_detach(thread)
    }

    fileprivate static func main(_ queue: UnsafeMutableRawPointer) {
        Unmanaged<WorkerQueue>.fromOpaque(queue).takeRetainedValue().work()
    }
}

private func workerMain(_ queue: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let queue { WorkerQueue.main(queue) }
    return nil
}
