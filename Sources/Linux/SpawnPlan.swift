package import SystemPackage

/// A command as a value: what to run, with what, and within which limits.
package struct SpawnPlan: Hashable, Sendable {
    /// What the command's process belongs to.
    package enum Session: Hashable, Sendable {
        /// The session and the terminal of this process.
        case inherited
        /// A session of its own, without a terminal.
        case own
        /// A session of its own, whose terminal is the standard input.
        case ownTerminal
    }

    /// A limit of setrlimit(2).
    package struct Limit: Hashable, Sendable {
        package let resource: Int32
        package let soft: UInt64
        package let hard: UInt64

        package init(resource: Int32, soft: UInt64, hard: UInt64) {
            self.resource = resource
            self.soft = soft
            self.hard = hard
        }
    }

    /// The first is also the program: a path, or a name that is looked up in the `PATH` of `environment`.
    package var arguments: [String]
    /// `NAME=value`, nothing else: the command sees nothing of this process's environment.
    package var environment: [String]
    /// Where the command starts; for a sandbox a path inside it, `/` if `nil`.
    package var directory: FilePath?
    package var session: Session
    package var limits: [Limit]

    package init(
        arguments: [String], environment: [String] = [], directory: FilePath? = nil, session: Session = .own,
        limits: [Limit] = []
    ) {
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.session = session
        self.limits = limits
    }
}

extension SpawnPlan {
    private static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The paths at which the program may be, in the order in which they are tried. Empty entries of `PATH`, which
    /// once meant the current directory, are left out.
    var candidates: [String] {
        guard let program = arguments.first else { return [] }
        if program.utf8.contains(UInt8(ascii: "/")) { return [program] }
        let path = environment.last { $0.hasPrefix("PATH=") }.map { $0.dropFirst(5) } ?? Self.usualPath[...]
        return path.split(separator: ":").map { "\($0)/\(program)" }
    }
}
