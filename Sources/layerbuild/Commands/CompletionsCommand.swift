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
        let script = Layerbuild.completionScript(for: known)
        try Console.output.tell(script.hasSuffix("\n") ? script : script + "\n")
    }
}
