import OCI

/// An image's configuration on its way through a stage: each instruction changes it and says so in a line of history.
///
/// The lines are word for word those of BuildKit, since tools read them.
struct ConfigFold: Hashable, Sendable {
    private(set) var config: ImageConfig
    /// ENV and ARG in force: what expansion and RUN see.
    private(set) var variables: Variables
    /// ENV alone: what the image carries.
    private var environment: Variables
    /// Every ARG so far with the value it was declared with, empty if it had none.
    private var declared = Variables()
    /// CMD stands in this very stage, so ENTRYPOINT leaves it alone.
    private var ownsCommand = false

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
        variables.merge(environment)
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

    private func expand(_ words: [Word]) throws(Diagnostic) -> [String] {
        try words.map { word throws(Diagnostic) in try expand(word) }
    }

    /// A line as the arguments of the stage's shell.
    func inShell(_ line: String) -> [String] {
        let shell = config.container.shell ?? []
        return (shell.isEmpty ? Self.defaultShell : shell) + [line]
    }

    private func words(of command: CommandLine) -> [String] {
        switch command {
        case .exec(let words): words.map(\.value)
        case .shell(let line): inShell(line.value)
        }
    }
}

// MARK: - Variables

extension ConfigFold {
    /// Each name with its value, the earlier ones already in force for the later.
    mutating func arg(_ arguments: [Argument], _ build: BuildArguments) throws(Diagnostic) -> String {
        var line = "ARG"
        for argument in arguments {
            let name = argument.name.value
            let value: String? =
                if let given = build.given[name] {
                    given
                } else if let word = argument.value {
                    try expand(word)
                } else {
                    build.global[name]
                }
            if let value, !["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"].contains(name) {
                variables[name] = value
            }
            declared[name] = value ?? ""
            line += " " + name + (value.map { "=\($0)" } ?? "")
        }
        return line
    }

    /// All pairs see the variables as they were before.
    mutating func env(_ bindings: [Binding]) throws(Diagnostic) -> String {
        let pairs = try expand(bindings)
        for pair in pairs {
            environment[pair.name] = pair.value
            variables[pair.name] = pair.value
        }
        return "ENV" + pairs.map { " \($0.name)=\($0.value)" }.joined()
    }

    mutating func label(_ bindings: [Binding]) throws(Diagnostic) -> String {
        let pairs = try expand(bindings)
        for pair in pairs { config.container.labels[pair.name] = pair.value }
        return "LABEL" + pairs.map { " \($0.name)=\($0.value)" }.joined()
    }

    private func expand(_ bindings: [Binding]) throws(Diagnostic) -> [(name: String, value: String)] {
        try bindings.map { binding throws(Diagnostic) in (try expand(binding.name), try expand(binding.value)) }
    }

    /// `|2 A=1 B=2`, the arguments in force, as they stand before the command in RUN's line of history.
    var argumentPrefix: [String] {
        declared.names.isEmpty
            ? []
            : ["|\(declared.names.count)"]
                + declared.names.map { name in
                    "\(name)=\(variables[name] ?? declared[name] ?? "")"
                }
    }
}

// MARK: - Configuration

extension ConfigFold {
    mutating func cmd(_ command: CommandLine) -> String {
        let words = words(of: command)
        config.container.command = words
        ownsCommand = true
        return "CMD \(HistoryText.quotedList(words))"
    }

    /// A command that was inherited was meant for another entry point.
    mutating func entrypoint(_ command: CommandLine) -> String {
        let words = words(of: command)
        config.container.entrypoint = words.isEmpty ? nil : words
        if !ownsCommand { config.container.command = nil }
        return "ENTRYPOINT \(HistoryText.quotedList(words))"
    }

    /// Words in the order of their text, as BuildKit sorts them before it expands them.
    mutating func expose(_ words: [Word]) throws(Diagnostic) -> String {
        var exposed: [String] = []
        for word in words.sorted(by: { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }) {
            for port in try word.split(in: variables) {
                guard let ports = ExposedPorts.parse(port) else {
                    throw Diagnostic(
                        .error, "bad-port", "`\(port)` is not a port", at: word.span,
                        hint: "write `80`, `80/udp` or a range such as `8000-8010`; ports end at 65535")
                }
                exposed += ports
            }
        }
        config.container.exposedPorts.formUnion(exposed)
        return "EXPOSE \(HistoryText.list(exposed))"
    }

    mutating func healthcheck(_ instruction: HealthcheckInstruction) -> String {
        let healthcheck: Healthcheck =
            switch instruction {
            case .none: Healthcheck(test: ["NONE"])
            case .check(let check): self.healthcheck(check)
            }
        config.container.healthcheck = healthcheck
        return "HEALTHCHECK \(HistoryText.healthcheck(healthcheck))"
    }

    /// Numbers that are 0 stay unset: whoever runs the image takes the default.
    private func healthcheck(_ check: HealthcheckInstruction.Check) -> Healthcheck {
        func number(_ value: Int64) -> Int64? { value == 0 ? nil : value }
        let test: [String] =
            switch check.command {
            case .exec(let words): ["CMD"] + words.map(\.value)
            case .shell(let line): ["CMD-SHELL", line.value]
            }
        return Healthcheck(
            test: test, interval: number(check.interval), timeout: number(check.timeout),
            startPeriod: number(check.startPeriod), startInterval: number(check.startInterval),
            retries: number(check.retries))
    }

    mutating func maintainer(_ name: String) -> String {
        config.author = name
        return "MAINTAINER \(name)"
    }

    /// Makes no line of history.
    mutating func onbuild(_ trigger: Trigger) { config.container.onBuild.append(trigger.text) }

    mutating func shell(_ words: [String]) -> String {
        config.container.shell = words
        return "SHELL \(HistoryText.list(words))"
    }

    mutating func stopsignal(_ word: Word) throws(Diagnostic) -> String {
        let signal = try expand(word)
        guard StopSignal.isValid(signal) else {
            throw Diagnostic(
                .error, "bad-signal", "`\(signal)` is not a signal", at: word.span,
                hint: "write a name such as `SIGTERM` or a number")
        }
        config.container.stopSignal = signal
        return "STOPSIGNAL \(signal)"
    }

    mutating func user(_ word: Word) throws(Diagnostic) -> String {
        let user = try expand(word)
        config.container.user = user
        return "USER \(user)"
    }

    mutating func volume(_ words: [Word]) throws(Diagnostic) -> String {
        let paths = try expand(words)
        for (word, path) in zip(words, paths) where path.isEmpty {
            throw Diagnostic(.error, "empty-volume", "`\(word.text)` expands to nothing", at: word.span)
        }
        config.container.volumes.formUnion(paths)
        return "VOLUME \(HistoryText.list(paths))"
    }

    /// The new working directory as the configuration spells it.
    mutating func workdir(_ word: Word) throws(Diagnostic) -> String {
        let path = RecipePath.workingDirectory(try expand(word), in: workingDirectory)
        config.container.workingDirectory = path
        return path
    }

    /// What the command line has the last word on.
    mutating func finish(_ options: PlanOptions) {
        for label in options.labels { config.container.labels[label.name] = label.value }
        guard options.platform != options.buildPlatform else { return }
        let isSame =
            (config.platform.os, config.platform.architecture) == (options.platform.os, options.platform.architecture)
        let variant = options.platform.variant ?? (isSame ? config.platform.variant : nil)
        config.platform.os = options.platform.os
        config.platform.architecture = options.platform.architecture
        config.platform.variant = variant
    }
}
