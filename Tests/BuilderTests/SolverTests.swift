import Frontend
import OCI
import Synchronization
import Testing

@testable import Builder

@Suite("Solver") struct SolverTests {
    /// Steps that stand on others: the numbers of those, by place.
    private func steps(_ dependencies: [[Int]]) -> [Step] {
        dependencies.enumerated().map { index, on in
            let sources = on.dropFirst().map {
                CopyOperation.Source.path("/", from: .fileSystem(.step(StepID(index: $0))), span: nil)
            }
            return Step(
                id: StepID(index: index), base: on.first.map { .step(StepID(index: $0)) } ?? .scratch,
                operation: .copy(CopyOperation(sources: sources, destination: "/")),
                place: Step.Place(stage: "s", number: index, count: dependencies.count), text: "COPY")
        }
    }

    private let diamond = [[], [0], [0], [1, 2], []]

    @Test("A step starts when everything that it stands on is done, in the order of the recipe")
    func frontier() {
        var frontier = Frontier(steps(diamond))
        func ready() -> [Int] {
            var ids: [Int] = []
            while let id = frontier.next() { ids.append(id.index) }
            return ids
        }
        #expect(ready() == [0, 4])
        frontier.complete(StepID(index: 4))
        #expect(ready().isEmpty)
        frontier.complete(StepID(index: 0))
        #expect(ready() == [1, 2])
        frontier.complete(StepID(index: 2))
        #expect(ready().isEmpty)
        frontier.complete(StepID(index: 1))
        #expect(ready() == [3])
    }

    @Test("Every step is done once and is given what it stands on", arguments: [1, 2, 8])
    func inputs(limit: Int) async throws {
        let done = Mutex<[Int: Set<Int>]>([:])
        let results = try await Solver(limit: limit) { step, inputs in
            done.withLock { $0[step.id.index] = Set(inputs.keys.map(\.index)) }
            return StepResult(layers: [], tree: .of([UInt8(step.id.index)]), layer: nil, created: 0)
        }
        .solve(steps(diamond))
        #expect(done.withLock { $0 } == [0: [], 1: [0], 2: [0], 3: [1, 2], 4: []])
        #expect(results.count == 5)
        #expect(results[StepID(index: 3)]?.tree == .of([3]))
    }

    @Test("No more steps run at once than are allowed, and so many do")
    func limit() async throws {
        let state = Mutex((running: 0, most: 0))
        let gate = Gate(count: 3)
        _ = try await Solver(limit: 3) { _, _ in
            state.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            await gate.pass()
            state.withLock { $0.running -= 1 }
            return .scratch
        }
        .solve(steps([[], [], [], [], [], []]))
        #expect(state.withLock { $0.most } == 3)
    }

    @Test("The first error is the build's; what runs is told to stop and nothing more starts")
    func failure() async {
        struct Failed: Error {}
        let started = Mutex<Set<Int>>([])
        let stopped = Mutex(false)
        let gate = Gate(count: 2)
        await #expect(throws: Failed.self) {
            try await Solver(limit: 2) { step, _ in
                started.withLock { _ = $0.insert(step.id.index) }
                await gate.pass()
                if step.id.index == 0 { throw Failed() }
                while !Task.isCancelled { await Task.yield() }
                stopped.withLock { $0 = true }
                return .scratch
            }
            .solve(steps([[], [], [0], []]))
        }
        #expect(started.withLock { $0 } == [0, 1])
        #expect(stopped.withLock { $0 })
    }

    @Test("A graph without steps is solved")
    func empty() async throws {
        let results = try await Solver(limit: 1) { _, _ in .scratch }.solve([])
        #expect(results.isEmpty)
    }
}

/// Lets nobody pass before `count` have come; those who come later pass at once.
private actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { missing = count }

    func pass() async {
        missing -= 1
        if missing > 0 {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            waiting.forEach { $0.resume() }
            waiting = []
        }
    }
}
