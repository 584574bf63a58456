import ArgumentParser
import Builder

/// `layerbuild logout`: forgets a registry's password.
struct LogoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forgets the password for a registry.",
        discussion: "Example: layerbuild logout registry.example")

    @OptionGroup var registries: RegistryOptions

    @Argument(help: ArgumentHelp("the registry; without one docker.io", valueName: "host"))
    var host: String = "docker.io"

    func run() throws {
        let surroundings = try Surroundings.current()
        let places = try RegistryLogin(try registries.choices(in: surroundings)).logout(host)
        let text =
            places.isEmpty ? "there was no password for \(host)" : "forgot \(host) in \(places.joined(separator: ", "))"
        Console.error.write(text + "\n")
    }
}
