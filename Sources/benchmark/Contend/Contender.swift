package import SystemPackage

/// One side of a benchmark: what is timed, and what has to stand before.
package struct Contender: Hashable, Sendable {
    /// What a contender is there for.
    package enum Role: Hashable, Sendable {
        /// layerbuild.
        case subject
        /// What all others are measured by: the same bytes with plain tools, or a part of the same work.
        case limit
        /// The limit that waits for the disk too, by which those that wait are measured a second time.
        case syncedLimit
        /// Another plain tool, for orientation.
        case floor
        /// Another builder.
        case peer
    }

    package let name: String
    package let role: Role
    /// Run before the first round.
    package var once: [Command] = []
    /// Run before each round.
    package var before: [Command] = []
    package let timed: Command
    /// By what its times are divided, if not by what those of the workload are.
    package var parts: Int?
    /// Run after each round.
    package var after: [Command] = []
    /// The file that the timed command writes.
    package var output: FilePath?

    package init(_ name: String, _ role: Role, _ timed: Command) {
        self.name = name
        self.role = role
        self.timed = timed
    }
}
