import ArgumentParser
import Builder
import Linux
import SystemPackage

/// How a command meets registries.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("a registry that need neither encrypt nor prove who it is", valueName: "host[:port]"))
    var insecureRegistry: [String] = []

    @Option(
        help: ArgumentHelp("certificates that registries' are signed with, beside the system's", valueName: "path"),
        completion: .file())
    var registryCa: [String] = []

    /// The flags, on top of what the configuration says.
    func choices(in surroundings: Surroundings) throws(Failure) -> RegistryChoices {
        let configuration = try Configuration.read(in: surroundings)
        var choices = RegistryChoices(
            environment: surroundings.environment, userAgent: "layerbuild/\(Layerbuild.version)",
            seed: UInt64(truncatingIfNeeded: surroundings.now))
        choices.insecure = configuration.insecureRegistries.union(insecureRegistry)
        choices.mirrors = configuration.registryMirrors
        choices.aliases = configuration.registryAliases
        for path in configuration.registryAuthorities + registryCa {
            do throws(SyscallError) {
                choices.authorities += try File(opening: surroundings.absolute(path)).readAll(limit: 8 << 20) + [10]
            } catch {
                throw .usage("`\(path)`, which should hold certificates, cannot be read: \(error.errno)")
            }
        }
        return choices
    }

    func access(in surroundings: Surroundings, progress: Progress? = nil) throws(Failure) -> RegistryAccess {
        RegistryAccess(try choices(in: surroundings)) { event in progress?.show(event) }
    }
}
