import Linux

/// How a command of a container ended, if not well: its own words have been said, and its code is ours.
struct CommandEnding: Error, Hashable, Sendable {
    let code: ExitCode

    init(_ status: ExitStatus) { code = ExitCode(rawValue: status.shellCode) }
}
