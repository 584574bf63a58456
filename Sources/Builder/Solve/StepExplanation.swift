import Frontend
import Store

/// What a build would do with a step, and why.
package struct StepExplanation: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// There is a record, made at that time in seconds since 1970.
        case cached(created: Int64)
        /// It would have to be done, for these reasons.
        case missed([String])
        /// That shows only when the steps that it stands on have been done.
        case dependsOnOthers
    }

    package let heading: StepHeading
    package let verdict: Verdict
}

extension StepExecutor {
    /// What would become of each step. Nothing is executed and no record is touched.
    func explanations(of steps: [Step]) throws(BuildError) -> [StepExplanation] {
        var results: [StepID: StepResult] = [:]
        var explanations: [StepExplanation] = []
        for step in steps {
            let heading = StepHeading(step)
            guard step.dependencies.compactMap(\.step).allSatisfy({ results[$0] != nil }) else {
                explanations.append(StepExplanation(heading: heading, verdict: .dependsOnOthers))
                continue
            }
            let inputs = StepInputs(bases: bases, results: results)
            let key = try keys(for: inputs).key(of: step)
            if settings.usesCache(for: step), let record = try record(of: key) {
                results[step.id] = inputs.result(step.base).adding(
                    record.layer, tree: record.tree, created: record.created)
                explanations.append(StepExplanation(heading: heading, verdict: .cached(created: record.created)))
            } else {
                let last = try fromStore { () throws(StoreError) in try store.cache.lastKey(at: slot(of: step)) }
                let reasons =
                    settings.usesCache(for: step) ? try MissExplanation.sentences(key, since: last) : [Self.uncached]
                explanations.append(StepExplanation(heading: heading, verdict: .missed(reasons)))
            }
        }
        return explanations
    }
}
