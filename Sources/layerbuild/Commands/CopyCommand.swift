import ArgumentParser
import Builder
import Linux
import OCI
import SystemPackage

/// `layerbuild copy`: an image goes from one place to another.
struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copies an image from one place to another.",
        discussion: """
            A place is a name of the store, or `docker://`, `oci:`, `oci-archive:`, `docker-archive:`, `dir:` or \
            `rootfs:` with what belongs behind it; an image is read from any path as well. All platforms are copied, \
            or the one that is named. \
            Example: layerbuild copy shop/web:1.2 oci-archive:web.tar
            """,
        aliases: CommandName.copy.aliases)

    @Option(help: ArgumentHelp("the machine whose image alone is copied", valueName: "os/architecture"))
    var platform: String?

    @Flag(help: Persistence.help) var noSync = false

    @OptionGroup var registries: RegistryOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("where the image is"))
    var source: String

    @Argument(help: ArgumentHelp("where it goes"))
    var destination: String

    func run() throws {
        let surroundings = try Surroundings.current()
        let source = try Self.source(source, in: surroundings)
        let destination = try DestinationOption.destination(destination, in: surroundings)
        let platform = try platform.map { text throws(Failure) in try Platform(typed: text) }
        let progress = try Progress(try progress.form(), log: progress.logFile.map(surroundings.absolute))
        do {
            let store = try store.open(in: surroundings)
            let access = try registries.access(in: surroundings, progress: progress)
            let copier = ImageCopier(
                store: store, access: access, threads: surroundings.processors,
                persistence: Persistence(noSync: noSync))
            let digest = try copier.copy(try copier.take(source, for: platform), to: destination)
            progress.end()
            try Console.output.tell("\(digest)\n")
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }

    /// What is no transport and no path is a name.
    private static func source(_ text: String, in surroundings: Surroundings) throws(Failure) -> ImageSource {
        let source = try SourceOption.source(text, of: "the source", in: surroundings)
        guard case .path(let path) = source, PathKind(path) == nil else { return source }
        guard Reference(text) != nil else { throw .usage("there is no `\(text)`, and it is no name of an image") }
        return .name(text)
    }
}
