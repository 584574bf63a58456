import Frontend

/// Which steps of a graph can start now.
struct Frontier {
    /// How many others each step still waits for.
    private var waiting: [StepID: Int] = [:]
    /// Who waits for a step.
    private var dependents: [StepID: [StepID]] = [:]
    private var ready: [StepID] = []

    init(_ steps: [Step]) {
        for step in steps {
            let open = Set(step.dependencies.compactMap(\.step))
            if open.isEmpty { ready.append(step.id) } else { waiting[step.id] = open.count }
            for id in open { dependents[id, default: []].append(step.id) }
        }
        ready.reverse()
    }

    /// The next step to start, in the order of the recipe; `nil` if all that are left wait for others.
    mutating func next() -> StepID? { ready.popLast() }

    /// Notes that a step is done, and what may start because of it.
    mutating func complete(_ id: StepID) {
        for step in dependents.removeValue(forKey: id) ?? [] {
            guard let open = waiting[step] else { continue }
            waiting[step] = open > 1 ? open - 1 : nil
            if open == 1 { ready.append(step) }
        }
        ready.sort { $0.index > $1.index }
    }
}

extension FileSystem {
    /// The step that makes this file system, if one does.
    var step: StepID? {
        if case .step(let id) = self { id } else { nil }
    }
}
