import Linux
import Testing

@testable import Builder

@Suite("Backlog") struct BacklogTests {
    private static let failure = BuildError(.input, "first", "the first")

    @Test("Works are done in the order in which they were put off, all of them before it is finished")
    func order() throws {
        let backlog = Backlog()
        let done = SharedState<[Int]>([])
        for number in 0..<100 { try backlog.add { done.update { $0.append(number) } } }
        try backlog.finish()
        #expect(done.update { $0 } == Array(0..<100))
    }

    @Test("The first error is told at the end, and nothing is done after it")
    func failure() throws {
        let backlog = Backlog()
        let done = SharedState<[Int]>([])
        try backlog.add { done.update { $0.append(1) } }
        try backlog.add { () throws(BuildError) in throw Self.failure }
        try backlog.add { done.update { $0.append(2) } }
        #expect { try backlog.finish() } throws: { ($0 as? BuildError)?.code == "first" }
        #expect(done.update { $0 } == [1])
    }

    @Test("What is put off when it is finished is done at once")
    func late() throws {
        let backlog = Backlog()
        let done = SharedState(0)
        try backlog.add { done.update { $0 += 1 } }
        try backlog.finish()
        try backlog.add { done.update { $0 += 1 } }
        #expect(done.update { $0 } == 2)
    }
}
