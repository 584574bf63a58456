package import Linux
package import SystemPackage

/// What a container is started with, besides its image.
package struct ContainerRequest: Sendable {
    /// What the command reads.
    package enum Input: Hashable, Sendable {
        case nothing
        /// The standard input of this process.
        case passed
    }

    /// What the command writes to.
    package enum Output: Hashable, Sendable {
        /// The standard output and error of this process, as they are.
        case passed
        /// A terminal of its own, shown on the standard output.
        case terminal
    }

    /// Whether the command may write to its root.
    package enum Root: Hashable, Sendable {
        case writable
        case readOnly
    }

    /// A file or folder of this machine that the command sees.
    package struct Volume: Hashable, Sendable {
        package let source: FilePath
        package let target: String
        package let isReadOnly: Bool

        package init(source: FilePath, target: String, isReadOnly: Bool) {
            self.source = source
            self.target = target
            self.isReadOnly = isReadOnly
        }
    }

    /// In place of the image's command.
    package var arguments: [String] = []
    /// In place of the image's entrypoint, which is then gone together with its command.
    package var entrypoint: [String]?
    /// `NAME=value`, over the image's.
    package var environment: [String] = []
    package var user: String?
    package var workingDirectory: String?
    package var hostName = "layerbuild"
    package var network = Isolation.Network.host
    package var volumes: [Volume] = []
    package var input = Input.nothing
    package var output = Output.passed
    package var root = Root.writable

    package init() {}
}
