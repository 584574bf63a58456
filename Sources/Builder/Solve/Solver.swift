import Frontend

/// Takes the steps of a graph, as many at a time as allowed. One loop owns all that changes.
struct Solver {
    let limit: Int
    /// Does a step, given what the steps it depends on left. It is called on a worker thread.
    let execute: @Sendable (Step, [StepID: StepResult]) async throws -> StepResult

    /// Throws the first error. Steps that are running then are told to stop, and waited for.
    func solve(_ steps: [Step]) async throws -> [StepID: StepResult] {
        var frontier = Frontier(steps)
        var results: [StepID: StepResult] = [:]

        try await withThrowingTaskGroup(of: (StepID, StepResult).self) { group in
            var running = 0
            while true {
                while running < limit, let id = frontier.next() {
                    let step = steps[id.index]
                    var inputs: [StepID: StepResult] = [:]
                    for id in step.dependencies.compactMap(\.step) { inputs[id] = results[id] }
                    group.addTask { (id, try await execute(step, inputs)) }
                    running += 1
                }
                guard let (id, result) = try await group.next() else { break }
                running -= 1
                results[id] = result
                frontier.complete(id)
            }
        }
        return results
    }
}
