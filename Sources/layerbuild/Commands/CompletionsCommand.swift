import ArgumentParser

/// `layerbuild completions`: what a shell needs to complete commands and flags.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Prints completions for a shell: bash, zsh or fish.",
        discussion: """
            Example: layerbuild completions bash > /usr/share/bash-completion/completions/layerbuild
            """)

    @Argument(
        help: ArgumentHelp("bash, zsh or fish"), completion: .list(CompletionShell.allCases.map(\.rawValue)))
    var shell: String

    func run() throws {
        guard let known = CompletionShell(rawValue: shell) else {
            throw Failure.choice("completions", shell, CompletionShell.allCases.map(\.rawValue))
        }
        let script = CompletedProgram.completionScript(for: known)
        try Console.output.tell(script.hasSuffix("\n") ? script : script + "\n")
    }
}

/// The program as shells complete it: where a command may stand, so may the flags of a build, which need not be named.
private struct CompletedProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Layerbuild.configuration.commandName, abstract: Layerbuild.configuration.abstract,
        version: Layerbuild.version, subcommands: Layerbuild.configuration.subcommands)

    @OptionGroup var options: BuildOptions
}
