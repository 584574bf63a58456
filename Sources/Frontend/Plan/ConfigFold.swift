import OCI

/// An image's configuration on its way through a stage: each instruction changes it and says so in a line of history.
///
/// The lines are word for word those of BuildKit, since tools read them.
struct ConfigFold: Hashable, Sendable {
    var config: ImageConfig
    /// ENV and ARG in force: what expansion and RUN see.
    var variables: Variables
    /// ENV alone: what the image carries.
    var environment: Variables
    /// Every ARG so far with the value it was declared with, empty if it had none.
    var declared = Variables()
    /// The names of ENV that an ARG has given another value for the rest of the stage.
    var shadowed: Set<ExactText> = []
    /// How many ports EXPOSE has named so far, each as often as it was named.
    var exposedCount = 0
    /// CMD stands in this very stage, so ENTRYPOINT leaves it alone.
    var ownsCommand = false

    static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    static let defaultShell = ["/bin/sh", "-c"]

    /// Begins with nothing.
    init(scratchFor platform: Platform) {
        var config = ImageConfig(platform: platform)
        config.container.workingDirectory = "/"
        self.init(config)
    }

    /// Begins with an image: what it says of its own making is left out, and its triggers have had their effect.
    init(_ base: ImageConfig) {
        config = base
        config.created = nil
        config.history = []
        config.diffIDs = []
        config.container.onBuild = []
        if let folder = config.container.workingDirectory, !folder.isEmpty {
            config.container.workingDirectory = RecipePath.workingDirectory(folder, in: "/")
        }
        environment = Variables(base.container.environment)
        if environment["PATH"] == nil { environment["PATH"] = Self.defaultPath }
        variables = environment
    }

    /// Begins with another stage, its arguments included.
    init(inheriting other: ConfigFold) {
        self = other
        config.container.onBuild = []
        ownsCommand = false
        for name in shadowed { variables[name.text] = environment[name.text] }
        shadowed = []
    }

    /// The configuration as it stands.
    var finished: ImageConfig {
        var config = config
        config.container.environment = environment.list
        return config
    }

    var workingDirectory: String { RecipePath.absolute(config.container.workingDirectory ?? "", in: "/") }

    var user: String { config.container.user ?? "" }

    func expand(_ word: Word) throws(Diagnostic) -> String { try word.expanded(in: variables) }

    func expand(_ words: [Word]) throws(Diagnostic) -> [String] {
        try words.map { word throws(Diagnostic) in try expand(word) }
    }

    /// A line as the arguments of the stage's shell.
    func inShell(_ line: String) -> [String] {
        let shell = config.container.shell ?? []
        return (shell.isEmpty ? Self.defaultShell : shell) + [line]
    }

    func words(of command: CommandLine) -> [String] {
        switch command {
        case .exec(let words): words.map(\.value)
        case .shell(let line): inShell(line.value)
        }
    }
}
