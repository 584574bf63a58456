/// Results as a table for people.
package struct TableReport: Sendable {
    private static let heading = [
        "", "min ms", "median ms", "spread", "cpu ms", "peak MB", "output MB", "× limit min", "× limit median",
        "× synced min", "× synced median",
    ]

    package init() {}

    package func text(_ result: WorkloadResult) -> String {
        let rows = [Self.heading] + result.outcomes.map { row($0, in: result) }
        let widths = Self.heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + blanks : blanks + cell.0
            }.joined(separator: "  ")
        }
        let failures = result.outcomes.compactMap { outcome in
            outcome.failure.map { "\(outcome.contender.name) dropped out: \($0)" }
        }
        let rounds = result.outcomes.map(\.samples.count).max() ?? 0
        let title = "\(result.workload.rawValue): \(result.workload.title) (\(rounds) rounds)"
        return ([title] + lines + failures).joined(separator: "\n") + "\n"
    }

    private func row(_ outcome: Race.Outcome, in result: WorkloadResult) -> [String] {
        guard let wall = result.wall(outcome), let processor = result.processor(outcome) else {
            return [outcome.contender.name] + Self.heading.dropFirst().map { _ in "–" }
        }
        let ratio = result.ratio(outcome)
        let synced = result.ratio(outcome, to: .syncedLimit)
        let peak = outcome.samples.map(\.peakMemory).max() ?? 0
        let output = outcome.samples.compactMap(\.outputSize).max()
        return [
            outcome.contender.name, (wall.minimum * 1000).fixed(2), (wall.median * 1000).fixed(2),
            (wall.spread * 100).fixed(0) + " %", (processor.median * 1000).fixed(2),
            (Double(peak) / 1_000_000).fixed(1), output.map { (Double($0) / 1_000_000).fixed(2) } ?? "–",
            ratio?.ofMinima.fixed(2) ?? "–", ratio?.ofMedians.fixed(2) ?? "–",
            synced?.ofMinima.fixed(2) ?? "–", synced?.ofMedians.fixed(2) ?? "–",
        ]
    }
}
