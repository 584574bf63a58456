import ArgumentParser

/// How a command shows its work.
struct ProgressOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("how to show the work: auto, plain, tty, json or quiet", valueName: "form"),
        completion: .list(["auto", "plain", "tty", "json", "quiet"]))
    var progress: String?

    @Flag(name: .shortAndLong, help: "show nothing but the result")
    var quiet = false

    @Option(
        help: ArgumentHelp("the file that keeps all output, untruncated", valueName: "path"),
        completion: .file())
    var logFile: String?

    /// What `--progress` and `-q` ask for.
    func form() throws(Failure) -> Progress.Form {
        guard let progress else { return quiet ? .quiet : .auto }
        guard let form = Progress.Form(rawValue: progress) else {
            throw .choice("--progress", progress, Progress.Form.allCases.map(\.rawValue))
        }
        guard !quiet || form == .quiet else { throw .usage("`-q` and `--progress=\(progress)` exclude each other") }
        return form
    }
}
