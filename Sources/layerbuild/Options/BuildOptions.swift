import ArgumentParser
import Linux

/// The flags of a build, as typed.
struct BuildOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("the recipe; `-` is standard input", valueName: "path"),
        completion: .file())
    var file: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("a name for the image; several may be given", valueName: "name"))
    var tag: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "a file, `-`, a folder with `/`, or type=image|oci|docker|oci-dir|local|tar|registry|none,dest=path",
            valueName: "output"))
    var output: [String] = []

    @Flag(help: Persistence.help) var noSync = false

    @Option(help: ArgumentHelp("the stage to build; without it the last", valueName: "stage"))
    var target: String?

    @OptionGroup var arguments: ArgumentOptions

    @Option(
        help: ArgumentHelp(
            "what a name in the recipe means: a folder, an archive, an address, or an image with a transport",
            valueName: "name=source"))
    var buildContext: [String] = []

    @Option(help: ArgumentHelp("the machine to build for; several with commas", valueName: "os/architecture"))
    var platform: String?

    @Flag(help: "ask the registries for bases even if the store has them")
    var pull = false

    @Flag(help: "push the image to the registries of its names: `-o type=registry`")
    var push = false

    @OptionGroup var metadata: MetadataOptions
    @OptionGroup var cacheUse: CacheOptions
    @OptionGroup var sandbox: SandboxOptions

    @Option(
        help: ArgumentHelp("what RUN may reach: default, none or host", valueName: "network"),
        completion: .list(["default", "none", "host"]))
    var network: String?

    @Option(help: ArgumentHelp("a secret for RUN: id=name,src=file or id=name,env=variable", valueName: "secret"))
    var secret: [String] = []

    @Option(help: ArgumentHelp("the socket of an ssh agent for RUN: default, name or name=socket", valueName: "agent"))
    var ssh: [String] = []

    @Option(help: ArgumentHelp("an address that RUN finds under a name", valueName: "name:address"))
    var addHost: [String] = []

    @Option(help: ArgumentHelp("how long a step may take: seconds, or a time such as 10m", valueName: "time"))
    var timeout: String?

    @Option(help: ArgumentHelp("how many steps may run at once", valueName: "number"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp("the file that says what is no part of the context", valueName: "path"),
        completion: .file())
    var ignorefile: String?

    @Option(
        help: ArgumentHelp("how layers are compressed: zstd, gzip or none", valueName: "format"),
        completion: .list(["zstd", "gzip", "none"]))
    var compression: String?

    @Option(help: ArgumentHelp("how hard: 1 to 19 for zstd, 1 to 9 for gzip", valueName: "number"))
    var compressionLevel: Int?

    @Flag var squash: SquashFlag?

    @Option(
        help: ArgumentHelp("whether SOURCE_DATE_EPOCH holds for files in layers too", valueName: "true|false"),
        completion: .list(["true", "false"]))
    var rewriteTimestamp: String?

    @Option(
        help: ArgumentHelp("the file to write the configuration's digest to", valueName: "path"),
        completion: .file())
    var iidfile: String?

    @Option(
        help: ArgumentHelp("the file to write what was built to, as JSON", valueName: "path"),
        completion: .file())
    var metadataFile: String?

    @OptionGroup var cache: CacheTransferOptions
    @OptionGroup var registries: RegistryOptions
    @OptionGroup var checks: CheckOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var store: StoreOptions
}
