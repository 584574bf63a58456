/// `HEALTHCHECK NONE` or `HEALTHCHECK [flags] CMD command`
package enum HealthcheckInstruction: Hashable, Sendable {
    /// Removes the check that the base image has.
    case none
    case check(Check)

    /// Times are nanoseconds; 0 leaves the default.
    package struct Check: Hashable, Sendable {
        package let command: CommandLine
        package let interval: Int64
        package let timeout: Int64
        package let startPeriod: Int64
        package let startInterval: Int64
        package let retries: Int64
    }
}

extension HealthcheckInstruction {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        let line = request.line
        let arguments = request.arguments
        guard !arguments.isEmpty else { throw request.missingArgument(.healthcheck, "HEALTHCHECK needs an argument") }
        let end = line.bytes[arguments].firstIndex(where: \.isBlank) ?? arguments.upperBound
        let kind = line.located(arguments.lowerBound..<end)
        let start = line.bytes[end..<arguments.upperBound].firstIndex { !$0.isBlank } ?? arguments.upperBound
        let command = start..<arguments.upperBound
        switch kind.value.uppercased() {
        case "NONE":
            guard command.isEmpty else {
                throw Diagnostic(
                    .error, "healthcheck-none", "HEALTHCHECK NONE takes no arguments", at: line.origin.span(command))
            }
            self = .none
        case "CMD": self = .check(try Check(request, command: command))
        default:
            throw Diagnostic(
                .error, "healthcheck-kind", "HEALTHCHECK begins with `CMD` or `NONE`, not with `\(kind.value)`",
                at: kind.span, hint: Keyword.healthcheck.usage)
        }
    }
}

extension HealthcheckInstruction.Check {
    init(_ request: InstructionRequest, command range: Range<Int>) throws(Diagnostic) {
        let flags = try FlagTable(
            request.flags, of: .healthcheck,
            known: [
                "interval": .single, "timeout": .single, "start-period": .single, "start-interval": .single,
                "retries": .single,
            ])
        command = try request.commandLine(in: range)
        let isEmpty =
            switch command {
            case .exec(let words): words.isEmpty
            case .shell(let line): line.value.isEmpty
            }
        guard !isEmpty else { throw request.missingArgument(.healthcheck, "HEALTHCHECK CMD needs a command") }
        interval = try Self.duration(flags.word("interval"))
        timeout = try Self.duration(flags.word("timeout"))
        startPeriod = try Self.duration(flags.word("start-period"))
        startInterval = try Self.duration(flags.word("start-interval"))
        retries = try Self.count(flags.word("retries"))
    }

    private static func duration(_ word: Word?) throws(Diagnostic) -> Int64 {
        guard let word, !word.text.isEmpty else { return 0 }
        guard let duration = Duration.nanoseconds(parsing: word.text) else {
            throw Diagnostic(
                .error, "bad-duration", "`\(word.text)` is no length of time", at: word.span,
                hint: "write a number and a unit, such as `30s`, `1m30s` or `500ms`")
        }
        guard duration == 0 || duration >= 1_000_000 else {
            throw Diagnostic(
                .error, "bad-duration", "`\(word.text)` is shorter than a millisecond", at: word.span,
                hint: "use `1ms` or more, or `0` for the default")
        }
        return duration
    }

    private static func count(_ word: Word?) throws(Diagnostic) -> Int64 {
        guard let word, !word.text.isEmpty else { return 0 }
        guard let count = Int32(word.text), count >= 0 else {
            throw Diagnostic(
                .error, "bad-flag-value", "`--retries` is a number from 0 up, not `\(word.text)`", at: word.span)
        }
        return Int64(count)
    }
}
