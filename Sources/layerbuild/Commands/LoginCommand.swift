import ArgumentParser
import Builder
import Glibc
import Linux

/// `layerbuild login`: keeps a user's password for a registry that takes it.
struct LoginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Keeps a password for a registry.",
        discussion: """
            The password is read from standard input, where no list of processes shows it. It is kept where docker keeps \
            it: in `~/.docker/config.json` or the file that REGISTRY_AUTH_FILE names, or by the program that this file \
            names. Example: layerbuild login -u me --password-stdin registry.example < password
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("who logs in", valueName: "user"))
    var username: String

    @Flag(help: "read the password from standard input, which is the only way")
    var passwordStdin = false

    @OptionGroup var registries: RegistryOptions

    @Argument(help: ArgumentHelp("the registry; without one docker.io", valueName: "host"))
    var host: String = "docker.io"

    func run() throws {
        let surroundings = try Surroundings.current()
        guard passwordStdin else {
            throw Failure.usage(
                "the password comes from standard input",
                hint: "`layerbuild login -u \(username) --password-stdin \(host) < file`")
        }
        var typed: [UInt8]
        do throws(SyscallError) {
            typed = try File(try OwnedDescriptor.standard(STDIN_FILENO)).readAll(limit: 64 << 10)
        } catch {
            throw Failure(error, doing: "reading the password")
        }
        while let last = typed.last, last == 10 || last == 13 { typed.removeLast() }
        guard !typed.isEmpty else { throw Failure.usage("there is no password on standard input") }
        guard let password = String(validating: typed, as: UTF8.self) else {
            throw Failure.usage("the password is not UTF-8", hint: "convert it, as `iconv -t UTF-8` does")
        }
        let place = try RegistryLogin(try registries.choices(in: surroundings)).login(
            host, user: username, password: password)
        Console.error.write("logged in to \(host); the password is kept in \(place)\n")
    }
}
