import ArgumentParser
import Builder

/// All that a build is told on the command line: its flags, and its context.
struct BuildArguments: ParsableArguments {
    @OptionGroup var options: BuildOptions

    @Argument(
        help: ArgumentHelp(
            "the build context: a folder, an archive, an address, or `-` for an archive on standard input"),
        completion: .file())
    var context: String

    /// What this and the environment ask for.
    func request(in surroundings: Surroundings) throws(Failure) -> BuildRequest {
        try options.request(for: context, in: surroundings)
    }
}
