import OCI

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
                guard let ports = ExposedPorts(port) else {
                    throw Diagnostic(
                        .error, "bad-port", "`\(port)` is not a port", at: word.span,
                        hint: "write `80`, `80/udp` or a range such as `8000-8010`; ports end at 65535")
                }
                // A word of seven characters names 65,536 ports, and a recipe has room for millions of words.
                exposedCount += ports.ports.count
                guard exposedCount <= ExposedPorts.limit else {
                    throw Diagnostic(
                        .error, "bad-port",
                        "with `\(port)` EXPOSE has named more than the \(ExposedPorts.limit) ports that there are",
                        at: word.span, hint: "name each port once")
                }
                exposed += ports.names
            }
        }
        config.container.exposedPorts.formUnion(exposed.map { ExactText($0) })
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
        config.container.volumes.formUnion(paths.map { ExactText($0) })
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
        for name in options.removedVariables { environment[name.text] = nil }
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
