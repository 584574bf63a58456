import Linux
import SystemPackage

extension BuildError {
    /// A command whose program did not start; `kind` says whose command it was.
    static func cannotStart(_ arguments: [String], _ error: SyscallError, _ kind: Kind) -> BuildError {
        guard error.call == "execve" else { return BuildError(error, doing: "starting the command") }
        let hint =
            switch error.errno {
            case .argListTooLong:
                "Linux takes 128 KiB for one argument or variable, and 2 MiB for all; give it a file, or a heredoc"
            default: "the program, or the interpreter it names, has to be in the image"
            }
        return BuildError(
            kind, "no-program", "`\(arguments.first ?? "")` cannot be started: \(error.errno)", hint: hint)
    }
}
