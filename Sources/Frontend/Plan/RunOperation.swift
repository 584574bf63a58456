/// RUN: a command in the step's file system.
package struct RunOperation: Hashable, Sendable {
    /// The program and its arguments; the shell is already in front where the shell form was used.
    package let arguments: [String]
    /// `NAME=value` for each ENV and ARG in force; nothing of the host's environment.
    package let environment: [String]
    /// `HTTP_PROXY` and its like, which the command sees and neither the key nor the history does. They stand before a
    /// variable of the same name.
    package let proxies: [String]
    /// What the command takes its machine to be called; `nil` for the usual name.
    package let hostName: String?
    /// `user[:group]` as in the configuration; empty for root.
    package let user: String
    /// Absolute.
    package let workingDirectory: String
    package let network: Network
    package let security: Security
    package internal(set) var mounts: [RunMount]
    /// A heredoc that begins with `#!`: written to a file, made executable and shown to the command at this path.
    package let scripts: [Script]

    /// Which network the command sees.
    package enum Network: String, Hashable, Sendable, CaseIterable {
        case `default`
        case none
        case host
    }

    /// How much the command may do.
    package enum Security: String, Hashable, Sendable, CaseIterable {
        case sandbox
        case insecure
    }

    package struct Script: Hashable, Sendable {
        /// Absolute, below `/dev/pipes`.
        package let path: String
        package let contents: [UInt8]

        package init(path: String, contents: [UInt8]) {
            self.path = path
            self.contents = contents
        }
    }

    package init(
        arguments: [String], environment: [String], proxies: [String] = [], hostName: String? = nil,
        user: String = "", workingDirectory: String = "/", network: Network = .default, security: Security = .sandbox,
        mounts: [RunMount] = [], scripts: [Script] = []
    ) {
        self.arguments = arguments
        self.environment = environment
        self.proxies = proxies
        self.hostName = hostName
        self.user = user
        self.workingDirectory = workingDirectory
        self.network = network
        self.security = security
        self.mounts = mounts
        self.scripts = scripts
    }
}
