import ArgumentParser
import Builder
import Glibc
import Linux
import OCI
import Store

/// `layerbuild run`: a command in an image, on a new layer of its own.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", _superCommandName: Layerbuild.name, abstract: "Runs a command in an image.",
        usage: "layerbuild run [<flags>] IMAGE [COMMAND...]",
        discussion: """
            The image is a name of the store or else of a registry, or a path or transport as for import. Flags stand \
            before it: what follows is the command's. The exit code is the command's own; 128 and more for a signal. \
            Example: layerbuild run -it busybox sh
            """)

    @OptionGroup var options: ContainerOptions

    @Option(help: ArgumentHelp("keep what the command changes, under this name", valueName: "name"))
    var name: String?

    @Flag(name: .customLong("rm"), help: "forget what the command changes, which is so without `--name`")
    var forget = false

    @Option(help: ArgumentHelp("the machine the image is for", valueName: "os/architecture"))
    var platform: String?

    @OptionGroup var registries: RegistryOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the image"))
    var image: String

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("the command, in place of the image's"))
    var command: [String] = []

    func run() throws {
        let surroundings = try Surroundings.current()
        var request = try options.request(in: surroundings)
        request.arguments = command
        try checkName(request)
        let store = try store.open(in: surroundings)
        let platform = try platform.map { text throws(Failure) in try Platform(typed: text) } ?? .host
        let importer = ImageImporter(
            store: store, platform: platform, threads: surroundings.processors,
            registries: try registries.access(in: surroundings))
        let source = try ContainerImageOption.source(image, in: surroundings)
        let base = try importer.read(source, extent: .chosenPlatform).base
        let container = Container(request, of: base, in: store, threads: surroundings.processors)
        let signals = try SignalStream(of: Self.forwarded)
        let status =
            if let name {
                try container.run(keptAs: name, now: surroundings.now, signals)
            } else {
                try container.run(signals)
            }
        guard status.isSuccess else { throw CommandEnding(status) }
    }

    private func checkName(_ request: ContainerRequest) throws(Failure) {
        guard let name else { return }
        guard ContainerStore.isName(name) else {
            throw .usage("`\(name)` is no name of a container", hint: "letters, digits, `_`, `.` and `-`")
        }
        guard !forget, request.root == .writable else {
            throw .usage("`--name` keeps what \(forget ? "`--rm` forgets" : "`--read-only` forbids")")
        }
    }

    private static let forwarded = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH]
}

/// The image of a container as typed: a name, unless it says that it is something else.
enum ContainerImageOption {
    static func source(_ text: String, in surroundings: Surroundings) throws(Failure) -> ImageSource {
        let isPlace = text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
        if !isPlace, Reference(text) != nil { return .name(text) }
        return try SourceOption.source(text, of: "the image", in: surroundings)
    }
}
