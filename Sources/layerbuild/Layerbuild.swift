import ArgumentParser
import Glibc
import Linux

/// The program: its commands, of which `build` need not be named.
@main
struct Layerbuild: ParsableCommand {
    static let version = "0.1.0"
    /// A command that says that it belongs to this one is not asked for completion scripts when it is read on its own,
    /// which takes ArgumentParser as long as reading all of its flags. This one answers for all.
    static let name = "layerbuild"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Builds container images from recipes, without a daemon.",
        usage: """
            layerbuild [build] [<flags>] CONTEXT
            layerbuild <command> [<flags>] [<arguments>]
            """,
        discussion: """
            The context is a folder, an archive, or `-`. A folder named like a command is written `./images`. \
            `layerbuild build --help` lists the flags of a build.
            """,
        version: version,
        subcommands: CommandName.allCases.map(\.command),
        defaultSubcommand: BuildCommand.self)

    /// Everything happens on this thread and on those that it starts for work that blocks.
    static let thread = CallingThread()

    static func main() {
        Entry.prepare()
        Task(executorPreference: thread) {
            let code = await Failure.report { () async throws in
                var command = try command(Array(CommandLine.arguments.dropFirst()))
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            }
            end(code)
        }
        thread.work()
    }

    /// Ends the process without what libraries have registered for its end.
    ///
    /// Threads that have done their work may still be ending, and OpenSSL, which libcurl brings along, takes away at the
    /// end of the process what it keeps for each of them.
    private static func end(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }

    /// What the command line asks for.
    ///
    /// The command that is named, or else a build, is read on its own first, because to get there past all the other
    /// commands takes as long as everything else in a build of which nothing changed. What cannot be read so, help and
    /// mistakes among it, is read as a whole, so that what is said about it names all commands.
    private static func command(_ arguments: [String]) throws -> any ParsableCommand {
        if let first = arguments.first, first != "help" {
            let named = CommandName(typed: first)?.command
            let rest = named == nil ? arguments : Array(arguments.dropFirst())
            if let command = try? (named ?? BuildCommand.self).parse(rest) { return command }
        }
        return try parseAsRoot(arguments)
    }
}
