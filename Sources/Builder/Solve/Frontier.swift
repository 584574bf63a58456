import Frontend

/// Which steps of a graph can start now.
struct Frontier {
    private var waiting: [StepID: Set<StepID>] = [:]
    private var ready: [StepID] = []

    init(_ steps: [Step]) {
        for step in steps {
            let open = Set(step.dependencies.compactMap(\.step))
            if open.isEmpty { ready.append(step.id) } else { waiting[step.id] = open }
        }
        ready.reverse()
    }

    /// The next step to start, in the order of the recipe; `nil` if all that are left wait for others.
    mutating func next() -> StepID? { ready.popLast() }

    /// Notes that a step is done, and what may start because of it.
    mutating func complete(_ id: StepID) {
        var freed: [StepID] = []
        for (step, var open) in waiting where open.remove(id) != nil {
            waiting[step] = open
            if open.isEmpty { freed.append(step) }
        }
        for step in freed { waiting[step] = nil }
        ready = (ready + freed).sorted { $0.index > $1.index }
    }
}

extension FileSystem {
    /// The step that makes this file system, if one does.
    var step: StepID? {
        if case .step(let id) = self { id } else { nil }
    }
}
