import ArgumentParser

@main
struct Layerbuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layerbuild", abstract: "Builds layered container images from recipes, without a daemon.",
        subcommands: [BuildCommand.self, ImportCommand.self], defaultSubcommand: BuildCommand.self)
}
