/// `RUN [--mount=…] [--network=…] [--security=…] [--device=…] command`
package struct Run: Hashable, Sendable {
    /// What is to be started, heredocs put in their place.
    package enum Body: Hashable, Sendable {
        /// These words, without a shell.
        case exec([String])
        /// This text as the shell's last argument.
        case shell(String)
        /// A single heredoc and nothing else: a program of its own if it begins with `#!`, else text for the shell.
        case document(Heredoc)
    }

    package let command: CommandLine
    /// In the order of their markers.
    package let heredocs: [Heredoc]
    package let mounts: [MountFlag]
    package let network: Located<RunOperation.Network>?
    package let security: Located<RunOperation.Security>?
    package let devices: [DeviceFlag]
    /// The command line is one heredoc marker and nothing else.
    let isBareHeredoc: Bool

    package var body: Body {
        switch command {
        case .exec(let words): return .exec(words.map(\.value))
        case .shell(let line):
            guard let first = heredocs.first else { return .shell(line.value) }
            if isBareHeredoc { return .document(first) }
            return .shell(heredocs.appended(to: line.value))
        }
    }
}

extension Run {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        let flags = try FlagTable(
            request.flags, of: .run,
            known: ["mount": .repeated, "network": .single, "security": .single, "device": .repeated])
        command = try request.commandLine(in: request.arguments)
        heredocs = request.heredocs
        mounts = try flags.flags("mount").map { flag throws(Diagnostic) in try MountFlag(flag) }
        network = try Self.choice(flags.word("network"), of: "network")
        security = try Self.choice(flags.word("security"), of: "security")
        devices = try flags.flags("device").map { flag throws(Diagnostic) in try DeviceFlag(flag) }
        let marker = try? HeredocMarker.parse(request.arguments, of: request.line)
        isBareHeredoc = !heredocs.isEmpty && marker != nil
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ word: Word?, of flag: String
    ) throws(Diagnostic) -> Located<Choice>? {
        guard let word else { return nil }
        guard let choice = Choice(rawValue: word.text) else {
            let known = Choice.allCases.map(\.rawValue)
            let listed = "`--\(flag)` is one of " + known.map { "`\($0)`" }.joined(separator: ", ")
            throw Diagnostic(
                .error, "bad-flag-value", "`--\(flag)` cannot be `\(word.text)`", at: word.span,
                hint: closest(to: word.text, in: known).map { "did you mean `\($0)`?" } ?? listed)
        }
        return Located(choice, at: word.span)
    }
}
