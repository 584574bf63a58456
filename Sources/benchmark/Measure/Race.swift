/// Runs contenders in turns, so that what else the machine does meets all of them.
///
/// Each round has an order of its own: what one leaves behind, in the memory and on the disk, is not the same other's
/// every time.
package struct Race: Sendable {
    /// What became of one contender.
    package struct Outcome: Sendable {
        package let contender: Contender
        package internal(set) var samples: [Sample] = []
        /// Why there are no more samples.
        package internal(set) var failure: String?

        package init(_ contender: Contender) { self.contender = contender }
    }

    package let rounds: Int
    private let seed: UInt64

    /// The seed decides about the order in each round.
    package init(rounds: Int, seed: UInt64) {
        self.rounds = rounds
        self.seed = seed
    }

    /// One that fails drops out; the others go on. `report` hears of every round.
    package func run(
        _ contenders: [Contender], on bed: borrowing TestBed, report: (String) throws -> Void
    ) throws -> [Outcome] {
        var outcomes = contenders.map(Outcome.init)
        for index in outcomes.indices {
            try guarding(&outcomes[index], bed) { outcome in try outcome.contender.once.forEach(bed.stopwatch.run) }
        }
        var generator = SeededGenerator(seed: seed)
        for round in 1...rounds {
            for index in generator.order(of: outcomes.count) where outcomes[index].failure == nil {
                try report("round \(round) of \(rounds): \(outcomes[index].contender.name)")
                try guarding(&outcomes[index], bed) { outcome in
                    outcome.samples.append(try sample(of: outcome.contender, on: bed))
                }
            }
        }
        return outcomes
    }

    private func guarding(
        _ outcome: inout Outcome, _ bed: borrowing TestBed, _ body: (inout Outcome) throws -> Void
    ) throws {
        do {
            try body(&outcome)
        } catch {
            if bed.stopwatch.isInterrupted { throw error }
            outcome.failure = "\(error)"
        }
    }

    private func sample(of contender: Contender, on bed: borrowing TestBed) throws -> Sample {
        try contender.before.forEach(bed.stopwatch.run)
        try bed.settle()
        let sample = try bed.stopwatch.measure(contender.timed, output: contender.output)
        try contender.after.forEach(bed.stopwatch.run)
        return sample
    }
}
