import Linux
import SystemPackage

extension BuildError {
    /// A command whose program did not start; `kind` says whose command it was.
    static func cannotStart(_ arguments: [String], _ error: SyscallError, _ kind: Kind) -> BuildError {
        guard error.call == "execve" else {
            var failure = BuildError(error, doing: "starting the command")
            if error.errno == .notPermitted {
                failure.hint = "run as root with all capabilities; in a container with `docker run --privileged`"
            }
            return failure
        }
        let hint =
            switch error.errno {
            case .argListTooLong:
                "Linux takes 128 KiB for one argument or variable, and 2 MiB for all; give it a file, or a heredoc"
            case .permissionDenied: "it has to be a file that may be executed, and so has its interpreter"
            case .invalidArgument where arguments.contains { $0.utf8.contains(0) }:
                "an argument cannot hold a zero byte; take it out of the recipe"
            default: "the program, or the interpreter it names, has to be in the image"
            }
        return BuildError(
            kind, "no-program", "`\(arguments.first ?? "")` cannot be started: \(error.errno)", hint: hint)
    }
}
