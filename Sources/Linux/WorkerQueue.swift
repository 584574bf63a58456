import Glibc
import SystemPackage

/// The jobs that wait for a thread, and the threads that wait for a job.
///
/// Threads are started when there is more to do than those that wait can take, and stay until the queue is closed: a
/// command dies with the thread that started it. Whoever takes a job while another one is left sees to it that somebody
/// comes for that one. So a job that one of the threads itself puts in wakes nobody: the thread is about to come back.
///
/// Unchecked, since the compiler cannot see that the variables are touched behind the monitor only.
final class WorkerQueue: @unchecked Sendable {
    /// What a job does to the thread that it runs on.
    enum Kind {
        /// What a task does between two of its waits: it is short, and one is done at a time.
        case turn
        /// It may block.
        case blocking
    }

    private typealias Job = (job: UnownedJob, kind: Kind, executor: UnownedTaskExecutor)

    private let monitor = Monitor()
    private var turns = JobLine<Job>()
    private var blocking = JobLine<Job>()
    private var isTurnTaken = false
    private var blockingTaken = 0
    /// How many jobs that may block are done at once, and how many threads there are for all jobs.
    private var (blockingLimit, threadLimit): (Int, Int)
    private var threads = 1
    /// How many of the threads wait, or are about to come for the first time.
    private var idle = 1
    /// The threads that have come.
    private var members: [pthread_t] = []
    private var isClosed = false

    /// At most `limit` threads for jobs that may block, and one at once, so that no job waits for ever.
    init(limit: Int) throws(SyscallError) {
        (blockingLimit, threadLimit) = (limit, limit)
        try startThread()
    }

    /// For turns, with the thread alone that is going to call `work`.
    init() { (blockingLimit, threadLimit) = (0, 1) }

    /// Takes as many jobs that may block from now on. A thread more than they need is left for turns.
    func admit(blocking count: Int) {
        monitor.locked { (blockingLimit, threadLimit) = (count, count + 1) }
    }

    func append(_ job: UnownedJob, _ kind: Kind, for executor: UnownedTaskExecutor) {
        let isAwaited = monitor.locked {
            switch kind {
            case .turn: turns.append((job, kind, executor))
            case .blocking: blocking.append((job, kind, executor))
            }
            return !members.contains(pthread_self()) && summon()
        }
        // Only now, since whoever wakes needs the lock.
        if isAwaited { monitor.wakeOne() }
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
        monitor.locked {
            members.append(pthread_self())
            idle -= 1
        }
        var finished: Kind?
        while let next = takeJob(after: finished) {
            next.job.runSynchronously(on: next.executor)
            finished = next.kind
        }
    }

    /// The next job for a thread that has done one of that kind; `nil` once there is none and the queue is closed.
    private func takeJob(after finished: Kind?) -> Job? {
        var isAwaited = false
        let job: Job? = monitor.locked {
            switch finished {
            case .turn: isTurnTaken = false
            case .blocking: blockingTaken -= 1
            case nil: break
            }
            var job = removeFirst()
            while job == nil, !isClosed {
                idle += 1
                monitor.wait()
                idle -= 1
                job = removeFirst()
            }
            isAwaited = canTake && summon()
            return job
        }
        if isAwaited { monitor.wakeOne() }
        return job
    }

    /// True if a thread would find something to do.
    private var canTake: Bool {
        (!turns.isEmpty && !isTurnTaken) || (!blocking.isEmpty && blockingTaken < blockingLimit)
    }

    /// The turn comes first: it is what hands out work for others.
    private func removeFirst() -> Job? {
        if !isTurnTaken, let job = turns.removeFirst() {
            isTurnTaken = true
            return job
        }
        guard blockingTaken < blockingLimit, let job = blocking.removeFirst() else { return nil }
        blockingTaken += 1
        return job
    }

    /// Sees to it that a thread comes; true if one that waits has to be woken for that.
    ///
    /// Where the machine allows no further thread, the others do the work.
    private func summon() -> Bool {
        guard idle == 0 else { return true }
        if threads < threadLimit, (try? startThread()) != nil {
            threads += 1
            idle += 1
        }
        return false
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

/// Jobs in the order in which they came.
private struct JobLine<Job> {
    private var jobs: [Job] = []
    private var first = 0

    var isEmpty: Bool { first == jobs.count }

    mutating func append(_ job: Job) { jobs.append(job) }

    mutating func removeFirst() -> Job? {
        guard first < jobs.count else { return nil }
        defer {
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return jobs[first]
    }
}
