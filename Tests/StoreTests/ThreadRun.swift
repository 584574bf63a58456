import Synchronization

/// What several threads of a test do, and what went wrong.
final class ThreadRun: Sendable {
    let body: @Sendable (Int) throws -> Void
    let failures = Mutex<[String]>([])

    init(_ body: @escaping @Sendable (Int) throws -> Void) { self.body = body }
}

/// One of them.
final class ThreadStart: Sendable {
    let run: ThreadRun
    let index: Int

    init(run: ThreadRun, index: Int) {
        self.run = run
        self.index = index
    }
}

func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    do { try start.run.body(start.index) } catch { start.run.failures.withLock { $0.append("\(error)") } }
    return nil
}
