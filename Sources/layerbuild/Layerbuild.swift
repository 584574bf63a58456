import ArgumentParser

@main
struct Layerbuild: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "layerbuild")
}
