import ArgumentParser
import Linux

/// The flags of a build, as typed.
///
/// What other commands have too is a group of its own. What only a build has stands here: ArgumentParser takes an eighth
/// of a millisecond to find out about each group.
struct BuildOptions: ParsableArguments {
    /// What the one argument is that is no flag: of each command that takes these flags.
    static let contextHelp = ArgumentHelp(
        "the build context: a folder, an archive, an address, or `-` for an archive on standard input")

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

    @Option(help: ArgumentHelp("a build argument; without a value the environment's", valueName: "name[=value]"))
    var buildArg: [String] = []

    @Option(
        help: ArgumentHelp("a file of build arguments, one a line; `--build-arg` wins", valueName: "path"),
        completion: .file())
    var buildArgFile: [String] = []

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

    @Option(
        help: ArgumentHelp(
            "an annotation of the manifest, or with `manifest-descriptor:` of its entry in the index",
            valueName: "[type:]name=value"))
    var annotation: [String] = []

    @Option(help: ArgumentHelp("a label of the image", valueName: "name=value"))
    var label: [String] = []

    @Option(help: ArgumentHelp("a label that is not taken over from the base", valueName: "name"))
    var unsetlabel: [String] = []

    @Option(help: ArgumentHelp("a variable that the image does not carry, though RUN sees it", valueName: "name"))
    var unsetenv: [String] = []

    @Flag(help: "execute every step, whatever the cache holds")
    var noCache = false

    @Option(
        help: ArgumentHelp(
            "a stage whose steps are executed, whatever the cache holds; several with commas", valueName: "stage"))
    var noCacheFilter: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "a file or folder of this machine that RUN sees; ro: cannot write to it, O: writes are thrown away",
            valueName: "source:target[:rw|ro|O]"))
    var volume: [String] = []

    @Option(help: ArgumentHelp("a bound of setrlimit for RUN, such as nofile=1024:4096", valueName: "name=soft[:hard]"))
    var ulimit: [String] = []

    @Option(help: ArgumentHelp("the size of /dev/shm in RUN, such as 256m; 64m if not given", valueName: "size"))
    var shmSize: String?

    @Option(help: ArgumentHelp("a capability more for RUN, such as NET_ADMIN, or ALL", valueName: "name"))
    var capAdd: [String] = []

    @Option(help: ArgumentHelp("a capability less for RUN, such as CHOWN, or ALL", valueName: "name"))
    var capDrop: [String] = []

    @Option(help: ArgumentHelp("the address of a name server for RUN, instead of the machine's", valueName: "address"))
    var dns: [String] = []

    @Option(help: ArgumentHelp("a domain in which RUN completes names", valueName: "domain"))
    var dnsSearch: [String] = []

    @Option(help: ArgumentHelp("an option of resolv.conf for RUN, such as ndots:2", valueName: "option"))
    var dnsOption: [String] = []

    @Option(
        help: ArgumentHelp(
            "what the recipe may ask for: network.host, security.insecure; several with commas", valueName: "right"))
    var allow: [String] = []

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

    @Flag(help: "make one layer of all that the recipe adds to its base")
    var squash = false

    @Flag(help: "make one layer of the whole image, the base included")
    var squashAll = false

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

    @Option(
        help: ArgumentHelp(
            "where other machines' results of steps are; may be repeated",
            valueName: "type=local,src=folder|type=registry,ref=name"))
    var cacheFrom: [String] = []

    @Option(
        help: ArgumentHelp(
            "where to put the results of steps for other machines",
            valueName: "type=local,dest=folder|type=registry,ref=name"))
    var cacheTo: [String] = []

    @OptionGroup var registries: RegistryOptions

    @Flag(help: "check the recipe and build nothing")
    var check = false

    @Option(
        help: ArgumentHelp(
            "what to do: build, check, outline or targets; `,format=json` for programs", valueName: "what"))
    var call: String?

    @OptionGroup var progress: ProgressOptions
    @OptionGroup var store: StoreOptions
}
