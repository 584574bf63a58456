package import Frontend
package import Linux
package import OCI
package import SystemPackage

/// Everything that the command line and the environment decided about a build.
///
/// Nothing below this reads a flag, a variable of the environment or the clock for a decision that shows in the image.
package struct BuildRequest: Sendable {
    package var recipe: RecipeLocation
    package var context: ContextLocation
    /// `--ignorefile`.
    package var ignoreFile: FilePath?
    /// `--build-context NAME=SOURCE`.
    package var namedContexts: ExactMap<ImageSource>
    /// `--build-context NAME=ADDRESS`; the names are among the folders of `plan` as well.
    package var remoteContexts: ExactMap<RemoteAddress>
    package var plan: PlanOptions
    /// What is built for, in the order in which an index lists it. The plan's own platform is the first.
    package var platforms: [Platform] {
        didSet { if let first = platforms.first { plan.platform = first } }
    }
    package var tags: [Reference]
    package var outputs: [Output]
    /// What is waited for before an output, or a folder of `--cache-to`, gets its name.
    package var persistence: Persistence
    /// What the command itself writes beside the outputs. It is no part of a context either.
    package var sideFiles: [FilePath]
    package var compression: CompressionChoice
    package var squash: Squash
    /// Of the image of each platform.
    package var annotations: [Platform: ImageAnnotations]
    /// Of the index over images for several platforms.
    package var indexAnnotations: ImageAnnotations
    /// SOURCE_DATE_EPOCH, in seconds.
    package var epoch: Int64?
    /// False leaves the times within layers alone although there is an epoch.
    package var rewriteTimestamps: Bool
    package var useCache: Bool
    /// `--cache-from`.
    package var cacheSources: [CacheLocation]
    /// `--cache-to`.
    package var cacheTargets: [CacheTarget]
    /// How many steps may run at once.
    package var jobs: Int
    /// How many threads one layer's compression may use. The bytes do not depend on it.
    package var threads: Int
    package var sandbox: SandboxRequest
    /// `--add-host`: names with addresses.
    package var extraHosts: [ExtraHost]
    /// `--secret`: where the value of an id is.
    package var secrets: ExactMap<SecretSource>
    /// `--ssh`: the socket of an id's agent.
    package var sshAgents: ExactMap<FilePath>
    /// `NAME=value` for the programs of this machine that fetch: where they are, proxies and certificates.
    package var programEnvironment: [String]
    /// The bound on one step, in seconds.
    package var stepTimeout: Int?
    /// What was decided about registries; `nil` if none may be asked.
    package var registries: RegistryChoices?
    package var pull: PullPolicy
    /// Where relative paths of the request start.
    package var currentDirectory: FilePath
    /// Seconds since 1970 when the build was asked for.
    package var startedAt: Int64

    package struct ExtraHost: Hashable, Sendable {
        package let name: String
        package let address: String

        package init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    package init(context: ContextLocation, currentDirectory: FilePath, startedAt: Int64) {
        recipe = .inContext
        self.context = context
        namedContexts = [:]
        remoteContexts = [:]
        plan = PlanOptions()
        platforms = [plan.platform]
        tags = []
        outputs = []
        persistence = .disk
        sideFiles = []
        compression = CompressionChoice()
        squash = .nothing
        annotations = [:]
        indexAnnotations = ImageAnnotations()
        rewriteTimestamps = true
        useCache = true
        cacheSources = []
        cacheTargets = []
        jobs = 4
        threads = 2
        sandbox = SandboxRequest()
        extraHosts = []
        secrets = [:]
        sshAgents = [:]
        programEnvironment = []
        pull = .missing
        self.currentDirectory = currentDirectory
        self.startedAt = startedAt
    }
}

/// Where the recipe is.
package enum RecipeLocation: Hashable, Sendable {
    /// `Recipe`, `Containerfile` or `Dockerfile` in the context.
    case inContext
    case file(FilePath)
    /// A path within a context that is no folder of this machine.
    case withinContext(FilePath)
    /// A file from the web.
    case remote(WebAddress)
    case standardInput
}

/// Where the build context is.
package enum ContextLocation: Hashable, Sendable {
    case folder(FilePath)
    /// A tar of any kind, recognised by content.
    case archive(FilePath)
    /// A tar on standard input.
    case standardInput
    /// A git repository, or an archive or a recipe from the web.
    case remote(RemoteAddress)
    /// Nothing: a recipe on standard input and no context.
    case empty
}

/// How new layers are compressed.
package struct CompressionChoice: Hashable, Sendable {
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case zstd, gzip, none
    }

    package var algorithm: Algorithm
    package var level: Int?
    /// True if it was asked for in so many words: then it holds for the base's layers too.
    package var isExplicit: Bool

    package init(algorithm: Algorithm = .zstd, level: Int? = nil, isExplicit: Bool = false) {
        self.algorithm = algorithm
        self.level = level
        self.isExplicit = isExplicit
    }
}
