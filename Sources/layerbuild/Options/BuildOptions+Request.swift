import Builder
import Frontend
import Glibc
import Linux
import OCI
import SystemPackage

extension BuildOptions {
    /// What the flags and the environment ask for, of a context as typed.
    func request(for context: String, in surroundings: Surroundings) throws(Failure) -> BuildRequest {
        var request = BuildRequest(
            context: try location(of: context, in: surroundings), currentDirectory: surroundings.currentDirectory,
            startedAt: surroundings.now)
        if let file { request.recipe = try recipeLocation(file, of: request.context, in: surroundings) }
        request.ignoreFile = ignorefile.map { surroundings.absolute($0) }
        request.tags = try tags()
        request.compression = try compressionChoice()
        request.plan = try plan(in: surroundings)
        request.squash = try squashing()
        if let platform { request.platforms = try Platform.list(typed: platform) }
        for text in annotation { try AnnotationOption(text).add(to: &request) }
        request.epoch = try epoch(request.plan.arguments["SOURCE_DATE_EPOCH"])
        try addContexts(to: &request, in: surroundings)
        request.outputs = try outputs(for: request, in: surroundings)
        request.persistence = Persistence(noSync: noSync)
        request.sideFiles = [iidfile, metadataFile, progress.logFile].compactMap(\.self).map(surroundings.absolute)
        request.rewriteTimestamps = try rewritesTimestamps()
        request.useCache = !noCache
        request.registries = try registries.choices(in: surroundings)
        request.pull = pull ? .always : .missing
        request.cacheSources = try cacheSources(in: surroundings)
        request.cacheTargets = try cacheTargets(in: surroundings)
        request.threads = surroundings.processors
        request.sandbox = try sandbox(in: surroundings)
        // Whoever writes it on the command line need not allow it to himself.
        if request.plan.network == .host { request.sandbox.entitlements.insert(.hostNetwork) }
        request.extraHosts = try addHost.map { text throws(Failure) in try HostOption(text).host }
        try addCredentials(to: &request, in: surroundings)
        request.programEnvironment = surroundings.programEnvironment
        try addLimits(to: &request)
        return request
    }

    private func addLimits(to request: inout BuildRequest) throws(Failure) {
        if let jobs {
            guard (1...256).contains(jobs) else { throw .usage("`--jobs` takes 1 to 256, not \(jobs)") }
            request.jobs = jobs
        }
        if let timeout {
            guard let seconds = DurationOption.seconds(timeout) else {
                throw .usage("`--timeout` does not take `\(timeout)`", hint: "write seconds, or a time such as `10m`")
            }
            request.stepTimeout = seconds
        }
    }

    private func squashing() throws(Failure) -> Squash {
        guard !squash || !squashAll else { throw .usage("`--squash` and `--squash-all` exclude each other") }
        return squashAll ? .everything : squash ? .newLayers : .nothing
    }

    private func location(of context: String, in surroundings: Surroundings) throws(Failure) -> ContextLocation {
        guard !context.isEmpty else { throw .usage("the context is empty", hint: "write `.` for the current folder") }
        if context == "-" { return file == "-" ? .empty : .standardInput }
        let path = surroundings.absolute(context)
        switch PathKind(path) {
        case .folder: return .folder(path)
        case .file, .special: return .archive(path)
        case nil:
            if let address = try RemoteAddress(typed: context) { return .remote(address) }
            throw Failure(
                .rejectedInput, "no-context", "there is no folder and no archive `\(context)`",
                hint: closest(to: context, in: CommandName.typed).map { command in
                    command == context
                        ? "the command comes before its flags: `layerbuild \(command) …`"
                        : "did you mean the command `\(command)`?"
                })
        }
    }

    private func recipeLocation(
        _ file: String, of context: ContextLocation, in surroundings: Surroundings
    ) throws(Failure) -> RecipeLocation {
        guard !file.isEmpty else { throw .usage("`--file` is empty") }
        if file == "-" { return .standardInput }
        if case .web(let address) = try RemoteAddress(typed: file) { return .remote(address) }
        if case .remote = context { return .withinContext(FilePath(file)) }
        return .file(FilePath(file))
    }

    private func tags() throws(Failure) -> [Reference] {
        var tags: [Reference] = []
        for text in tag {
            let name = try Reference(typed: text)
            if !tags.contains(name) { tags.append(name) }
        }
        return tags
    }

    private func plan(in surroundings: Surroundings) throws(Failure) -> PlanOptions {
        var plan = PlanOptions()
        plan.target = target
        plan.arguments = try buildArguments(in: surroundings)
        if plan.arguments["SOURCE_DATE_EPOCH"] == nil, let epoch = surroundings.setVariable("SOURCE_DATE_EPOCH") {
            // As an argument, so that a recipe may declare it and read it.
            plan.arguments["SOURCE_DATE_EPOCH"] = epoch
        }
        plan.removedVariables = Set(names: unsetenv)
        plan.removedLabels = Set(names: unsetlabel)
        plan.uncachedStages = try uncachedStages()
        for text in label {
            let (name, value) = try Self.pair(text, of: "--label")
            plan.labels.append(PlanOptions.Label(name: name, value: value ?? ""))
        }
        if let network {
            guard let chosen = RunOperation.Network(rawValue: network) else {
                throw .choice("--network", network, ["default", "none", "host"])
            }
            plan.network = chosen
        }
        return plan
    }

    private func epoch(_ text: String?) throws(Failure) -> Int64? {
        // What is no number names something whose time it is; the recipe says what.
        guard let text, let epoch = Int64(text) else { return nil }
        guard epoch >= 0 else {
            throw .usage(
                "SOURCE_DATE_EPOCH is `\(text)`",
                hint: "it has to be a number of seconds since 1970, such as `date +%s` prints")
        }
        return epoch
    }

    private func compressionChoice() throws(Failure) -> CompressionChoice {
        var choice = CompressionChoice()
        if let compression {
            guard let algorithm = CompressionChoice.Algorithm(rawValue: compression) else {
                throw .choice("--compression", compression, CompressionChoice.Algorithm.allCases.map(\.rawValue))
            }
            choice = CompressionChoice(algorithm: algorithm, isExplicit: true)
        }
        guard let compressionLevel else { return choice }
        guard choice.algorithm != .none else { throw .usage("`--compression none` has no levels") }
        let levels = choice.algorithm == .zstd ? 1...19 : 1...9
        guard levels.contains(compressionLevel) else {
            throw .usage(
                "\(choice.algorithm.rawValue) has no level \(compressionLevel)",
                hint: "its levels are \(levels.lowerBound) to \(levels.upperBound)")
        }
        choice.level = compressionLevel
        choice.isExplicit = true
        return choice
    }

    private func rewritesTimestamps() throws(Failure) -> Bool {
        switch rewriteTimestamp {
        case nil, "true", "1": true
        case "false", "0": false
        case let text?: throw .choice("--rewrite-timestamp", text, ["true", "false"])
        }
    }
}
