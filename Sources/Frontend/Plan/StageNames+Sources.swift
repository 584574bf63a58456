extension StageNames {
    /// What the instructions copy from or mount, in their order.
    func sources(of instructions: [ParsedInstruction]) throws(Diagnostic) -> [Located<StageSource>] {
        var sources: [Located<StageSource>] = []
        for parsed in instructions {
            switch parsed.instruction {
            case .copy(let copy):
                if let from = copy.from { sources.append(Located(try copySource(from), at: from.span)) }
            case .run(let run):
                for mount in run.mounts {
                    if let from = mount.from { sources.append(Located(try source(named: from), at: from.span)) }
                }
            case .from, .add, .workdir, .arg, .cmd, .entrypoint, .env, .expose, .healthcheck, .label, .maintainer,
                .onbuild, .shell, .stopsignal, .user, .volume:
                break
            }
        }
        return sources
    }

    /// Refuses stages that need each other, wanted or not: takes away, one by one, the stages that need none of those
    /// left, and looks whether that leaves any.
    func rejectCycles() throws(Diagnostic) {
        var needs: [[Located<Int>]] = []
        for stage in stages {
            let sources = [Located(try base(of: stage), at: stage.span)] + (try sources(of: stage.instructions))
            needs.append(
                sources.compactMap { source in
                    if case .stage(let index) = source.value { Located(index, at: source.span) } else { nil }
                })
        }
        guard let first = needs.indices.first(where: { index in needs[index].contains { $0.value >= index } }) else {
            return
        }

        var neededBy = [[Int]](repeating: [], count: stages.count)
        for (index, others) in needs.enumerated() {
            for other in others { neededBy[other.value].append(index) }
        }
        var open = needs.map(\.count)
        var free = open.indices.filter { open[$0] == 0 }
        while let index = free.popLast() {
            for dependent in neededBy[index] {
                open[dependent] -= 1
                if open[dependent] == 0 { free.append(dependent) }
            }
        }
        for index in needs.indices[first...] where open[index] > 0 {
            if let other = needs[index].first(where: { $0.value >= index && open[$0.value] > 0 }) {
                throw notYetDefined(other.value, in: stages[index], at: other.span)
            }
        }
    }

    /// A stage that needs itself or a later one.
    func notYetDefined(_ other: Int, in stage: Stage, at span: SourceSpan) -> Diagnostic {
        guard other != stage.index else {
            return Diagnostic(
                .error, "stage-needs-itself", "the stage `\(stage.label)` copies from itself", at: span,
                hint: "copy from an earlier stage")
        }
        return Diagnostic(
            .error, "stage-too-late", "the stage `\(stage.label)` needs `\(stages[other].label)`, which comes after it",
            at: span, hint: "move `\(stages[other].label)` before it",
            notes: [Diagnostic.Note("it begins here", at: stages[other].span)])
    }
}
