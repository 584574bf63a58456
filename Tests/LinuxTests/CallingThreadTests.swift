import Glibc
import Linux
import Synchronization
import Testing

@Suite("The calling thread", .timeLimit(.minutes(10))) struct CallingThreadTests {
    @Test("One piece of work after the other is done by the thread that calls") func alone() async throws {
        let threads = try await onCallingThread { thread in
            let workers = try Workers(count: 4, beside: thread)
            var threads: Set<pthread_t> = [pthread_self()]
            for _ in 0..<50 { threads.insert(await workers.run { pthread_self() }) }
            return threads
        }
        #expect(threads.count == 1)
    }

    @Test("Jobs that block each other run side by side") func sideBySide() async throws {
        let numbers = try await onCallingThread { await WorkersTests.exchange(on: try Workers(count: 2, beside: $0)) }
        #expect(numbers == [2, 1])
    }

    @Test("A task goes on while all workers block") func turnsGoOn() async throws {
        let numbers = try await onCallingThread { thread in
            let workers = try Workers(count: 2, beside: thread)
            let (there, back) = (BoundedQueue<Int>(capacity: 2), BoundedQueue<Int>(capacity: 2))
            return await withTaskGroup(of: Int?.self) { group in
                for number in 0..<2 {
                    group.addTask {
                        await workers.run {
                            there.put(number)
                            return back.take()
                        }
                    }
                }
                var begun = 0
                while begun < 2 {
                    await Task.yield()
                    if there.takeAtOnce() != nil { begun += 1 }
                }
                back.put(3)
                back.put(4)
                return await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
        }
        #expect(numbers == [3, 4])
    }

    @Test("No more work is done at once than there are workers, and all of it") func limit() async throws {
        let (most, sum) = try await onCallingThread { thread in
            let workers = try Workers(count: 3, beside: thread)
            let busy = Busy()
            let sum = await withTaskGroup(of: Int.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        await workers.run {
                            busy.during { _ = sched_yield() }
                            return number
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            return (busy.most.load(ordering: .relaxed), sum)
        }
        #expect(most <= 3)
        #expect(sum == 499 * 500 / 2)
    }

    /// How many do something at once.
    private final class Busy: Sendable {
        private let now = Atomic(0)
        let most = Atomic(0)

        func during(_ body: () -> Void) {
            most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
            body()
            now.subtract(1, ordering: .relaxed)
        }
    }

    /// What a program's first task gives. The thread stays as long as the tests run.
    private func onCallingThread<Value: Sendable>(
        _ body: @escaping @Sendable (CallingThread) async throws -> Value
    ) async throws -> Value {
        let thread = CallingThread()
        let task = Task(executorPreference: thread) { try await body(thread) }
        try onThread { thread.work() }
        return try await task.value
    }
}
