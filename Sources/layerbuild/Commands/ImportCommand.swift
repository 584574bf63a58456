import ArgumentParser
import Builder
import OCI
import Store

/// `layerbuild import`: an image from a file or a folder becomes one that recipes can name.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes an image or a root file system into the store.",
        discussion: """
            The source is a path, whose content says what it is: an OCI layout, an archive of docker's, or a root file \
            system, as a folder or an archive. Or it says so itself: `oci:`, `oci-archive:`, `docker-archive:`, `dir:`, \
            `rootfs:` with a path, or `docker://` with a name at a registry. \
            Example: layerbuild import busybox.tar -t busybox
            """,
        aliases: CommandName.import.aliases)

    @Option(name: .shortAndLong, help: ArgumentHelp("a name for the image; several may be given", valueName: "name"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("the machine the image is for", valueName: "os/architecture"))
    var platform: String?

    @Flag(name: .shortAndLong, help: "show nothing but the digest")
    var quiet = false

    @OptionGroup var registries: RegistryOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("the image: a path, or a transport and a path"), completion: .file())
    var source: String

    func run() throws {
        let surroundings = try Surroundings.current()
        let names = try tag.map { text throws(Failure) in try Reference(typed: text) }
        let source = try SourceOption.source(source, of: "the source", in: surroundings)
        if case .path(let path) = source, PathKind(path) == nil {
            throw Failure(.rejectedInput, "no-source", "there is no `\(self.source)`")
        }
        let platform = try platform.map { text throws(Failure) in try Platform(typed: text) } ?? .host
        let importer = ImageImporter(
            store: try store.open(in: surroundings), platform: platform, threads: surroundings.processors,
            registries: try registries.access(in: surroundings))
        let image = try importer.importImage(from: source, named: names)
        if !quiet {
            Console.error.write("imported \(image.names.map(\.familiar).joined(separator: ", "))\n")
        }
        try Console.output.tell("\(image.root.digest)\n")
    }
}
