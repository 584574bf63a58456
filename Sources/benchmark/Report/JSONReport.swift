import OCI

/// Results as one JSON document for programs.
package struct JSONReport: Sendable {
    package init() {}

    package func text(_ results: [WorkloadResult], on machine: Machine) -> String {
        String(decoding: document(results, machine).serialised(), as: UTF8.self) + "\n"
    }

    private func document(_ results: [WorkloadResult], _ machine: Machine) -> JSONValue {
        [
            "machine": [
                "kernel": .string(machine.kernel), "processor": .string(machine.processor),
                "cores": .integer(Int64(machine.cores)), "load": .array(machine.load.map(number)),
            ],
            "workloads": .array(results.map(object)),
        ]
    }

    private func object(_ result: WorkloadResult) -> JSONValue {
        [
            "name": .string(result.workload.rawValue), "title": .string(result.workload.title),
            "parts": .integer(Int64(result.workload.parts)),
            "contenders": .array(result.outcomes.map { object($0, in: result) }),
        ]
    }

    private func object(_ outcome: Race.Outcome, in result: WorkloadResult) -> JSONValue {
        var object = JSONObject([
            ("name", .string(outcome.contender.name)), ("role", .string("\(outcome.contender.role)")),
            ("samples", .array(outcome.samples.map(object))),
        ])
        if let wall = result.wall(outcome) { object["wallSeconds"] = self.object(wall) }
        if let processor = result.processor(outcome) { object["processorSeconds"] = self.object(processor) }
        if let ratio = result.ratio(outcome) { object["ratio"] = self.object(ratio) }
        if let ratio = result.ratio(outcome, to: .syncedLimit) { object["ratioToSynced"] = self.object(ratio) }
        if let failure = outcome.failure { object["failure"] = .string(failure) }
        return .object(object)
    }

    private func object(_ summary: Summary) -> JSONValue {
        [
            "minimum": number(summary.minimum), "median": number(summary.median),
            "maximum": number(summary.maximum), "spread": number(summary.spread),
        ]
    }

    private func object(_ ratio: Ratio) -> JSONValue {
        ["minima": number(ratio.ofMinima), "medians": number(ratio.ofMedians)]
    }

    private func object(_ sample: Sample) -> JSONValue {
        var object = JSONObject([
            ("wallSeconds", number(sample.wallSeconds)), ("processorSeconds", number(sample.processorSeconds)),
            ("peakMemory", .integer(Int64(sample.peakMemory))),
        ])
        if let size = sample.outputSize { object["outputSize"] = .integer(size) }
        return .object(object)
    }

    private func number(_ value: Double) -> JSONValue { .number(value.fixed(6)) }
}
