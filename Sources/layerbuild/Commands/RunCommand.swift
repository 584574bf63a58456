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

    @Flag(name: .shortAndLong, help: "pass standard input on to the command")
    var interactive = false

    @Flag(name: .shortAndLong, help: "give the command a terminal")
    var tty = false

    @Option(name: .shortAndLong, help: ArgumentHelp("a variable for the command", valueName: "name[=value]"))
    var env: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("a file or folder of this machine that the command sees", valueName: "source:target[:ro]"))
    var volume: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("where the command starts", valueName: "folder"))
    var workdir: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("who the command runs as", valueName: "user[:group]"))
    var user: String?

    @Option(help: ArgumentHelp("a program in place of the image's entrypoint", valueName: "program"))
    var entrypoint: String?

    @Option(
        help: ArgumentHelp("what the command may reach: host or none", valueName: "network"),
        completion: .list(["host", "none"]))
    var network: String?

    @Option(help: ArgumentHelp("the name of the command's machine", valueName: "name"))
    var hostname: String?

    @Flag(help: "let the command write nothing but volumes")
    var readOnly = false

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
        var request = try request(in: surroundings)
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
