/// What was measured of a workload.
package struct WorkloadResult: Sendable {
    package let workload: Workload
    package let outcomes: [Race.Outcome]

    package init(_ workload: Workload, _ outcomes: [Race.Outcome]) {
        self.workload = workload
        self.outcomes = outcomes
    }

    package var hasFailures: Bool { outcomes.contains { $0.failure != nil } }

    /// Wall-clock seconds of one part of the work.
    package func wall(_ outcome: Race.Outcome) -> Summary? {
        Summary(outcome.samples.map { $0.wallSeconds / parts(outcome) })
    }

    /// Processor seconds of one part of the work.
    package func processor(_ outcome: Race.Outcome) -> Summary? {
        Summary(outcome.samples.map { $0.processorSeconds / parts(outcome) })
    }

    private func parts(_ outcome: Race.Outcome) -> Double { Double(outcome.contender.parts ?? workload.parts) }

    /// How many times the limit this is, or another contender that is alone in its role.
    package func ratio(_ outcome: Race.Outcome, to role: Contender.Role = .limit) -> Ratio? {
        guard let limit = outcomes.first(where: { $0.contender.role == role }), let reference = wall(limit),
            let measured = wall(outcome)
        else { return nil }
        return Ratio(measured, to: reference)
    }
}
