import Glibc
import Linux
import SystemPackage
import Testing

@Suite("Workers", .timeLimit(.minutes(10))) struct WorkersTests {
    private struct Stop: Error, Equatable {}

    @Test("Jobs that block each other run side by side") func sideBySide() async throws {
        #expect(await Self.exchange(on: try Workers(count: 4)) == [2, 1])
    }

    /// What two jobs return of which each waits for the other.
    static func exchange(on workers: Workers) async -> [Int?] {
        let (there, back) = (BoundedQueue<Int>(capacity: 1), BoundedQueue<Int>(capacity: 1))
        async let first = workers.run {
            there.put(1)
            return back.take()
        }
        async let second = workers.run {
            let number = there.take()
            back.put((number ?? 0) + 1)
            return number
        }
        return [await first, await second]
    }

    @Test("More jobs than threads all get done") func many() async throws {
        let workers = try Workers(count: 3)
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<500 { group.addTask { await workers.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 499 * 500 / 2)
    }

    @Test("An error keeps its type") func errors() async throws {
        let workers = try Workers(count: 1)
        do throws(Stop) {
            try await workers.run { () throws(Stop) in throw Stop() }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == Stop())
        }
    }

    @Test("Fifty commands from four threads end as they should", .needsRoot) func commands() async throws {
        let workers = try Workers(count: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let status = try await workers.run { () throws in
                        let stage = try Stage()
                        return try stage.output(of: SpawnPlan(arguments: ["/probe", "exit", "\(number)"])).status
                    }
                    #expect(status == .exited(Int32(number)))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("A command dies with the thread that started it", .needsRoot, arguments: [0, 1000] as [UInt32])
    func parentDeath(user: UInt32) throws {
        let stage = try Stage()
        let path = stage.path
        let children = BoundedQueue<ChildProcess>(capacity: 1)
        try onThread {
            defer { children.close() }
            guard
                let root = try? Mount.overlay(
                    lower: [path.appending("base")], upper: path.appending("upper"), work: path.appending("work")),
                let streams = try? Streams.none()
            else { return }
            var isolation = Isolation()
            isolation.user = user
            let plan = SpawnPlan(arguments: ["/probe", "hang"])
            if let child = try? ChildProcess(plan, in: root, isolation, streams) { children.put(child) }
        }
        switch children.take() {
        case .some(let child): #expect(try child.wait() == .signalled(SIGKILL))
        case .none: Issue.record("the command did not start")
        }
    }
}

@Suite("Bounded queue", .timeLimit(.minutes(10))) struct BoundedQueueTests {
    @Test("What was put comes out in order, and then the end") func order() {
        let queue = BoundedQueue<Int>(capacity: 8)
        for number in 0..<5 { #expect(queue.put(number)) }
        queue.close()
        #expect(!queue.put(9))
        var taken: [Int] = []
        while let number = queue.take() { taken.append(number) }
        #expect(taken == [0, 1, 2, 3, 4])
    }

    @Test("A full queue makes the writer wait, not lose") func backpressure() async throws {
        let workers = try Workers(count: 2)
        let queue = BoundedQueue<Int>(capacity: 2)
        async let sum = workers.run {
            var sum = 0
            while let number = queue.take() { sum += number }
            return sum
        }
        await workers.run {
            for number in 0..<10_000 { queue.put(number) }
            queue.close()
        }
        #expect(await sum == 9_999 * 5_000)
    }

    @Test("What is left in it is closed with it") func owners() throws {
        var pipe = try Pipe()
        do {
            let queue = BoundedQueue<OwnedDescriptor>(capacity: 2)
            queue.put(try pipe.takeWritingEnd())
        }
        #expect(try File(try pipe.reading.duplicate()).readAll(limit: 1) == [])
    }
}
