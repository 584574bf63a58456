import ArgumentParser
import Glibc

/// The program: its commands, of which `build` need not be named.
@main
struct Layerbuild: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "layerbuild",
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
        subcommands: [
            BuildCommand.self, RunCommand.self, CommitCommand.self, ContainersCommand.self, ImportCommand.self,
            ImagesCommand.self, ParseCommand.self,
        ],
        defaultSubcommand: BuildCommand.self)

    static var commandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

    static func main() async {
        Entry.prepare()
        let code = await Failure.report { () async throws in
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        }
        Glibc.exit(code.rawValue)
    }
}
