/// A command of the host that takes part in a benchmark.
package struct Command: Hashable, Sendable {
    package var arguments: [String]
    /// Added to the environment that all commands get.
    package var environment: [String]

    package init(_ arguments: [String], environment: [String] = []) {
        self.arguments = arguments
        self.environment = environment
    }

    /// A line for `sh`, which stops at the first command that does not work.
    package static func shell(_ line: String) -> Command { Command(["/bin/sh", "-ec", line]) }
}

extension String {
    /// The string as one word of a shell's line.
    package var quoted: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
