import Frontend
package import Linux
import OCI
package import Store
import SystemPackage

/// A whole build, from a request to its outputs.
///
///     recipe → plan ⇄ bases → graph → steps → results → image → outputs
package struct Build: Sendable {
    private let request: BuildRequest
    private let store: Store
    private let events: EventSink
    private let interruption: Interruption
    private let remotes: RemoteSources
    private let registries: RegistryAccess?

    package init(_ request: BuildRequest, in store: Store, interruption: Interruption, events: @escaping EventSink) {
        self.request = request
        self.store = store
        self.interruption = interruption
        remotes = RemoteSources(request, store, interruption)
        self.events = events
        registries = request.registries.map {
            RegistryAccess($0, interruption: interruption, events: events)
        }
    }

    /// The thread that calls does what blocks too, if there is one.
    package func run(on thread: CallingThread? = nil) async throws -> BuildReport {
        let workers = try Workers(count: request.jobs + 2, beside: thread)
        let clock = ContinuousClock()
        let start = clock.now

        let context = try await workers.run { () throws(BuildError) in try OpenContext(request, .success(remotes)) }
        let loader = RecipeLoader(request: request, context: context.main?.folder, fetched: context.recipe)
        let found = try loader.load()
        events(.recipe(found.source))

        let recipe = try parse(found.source)
        let (graph, bases, known) = try await plan(recipe, context, workers)
        try request.sandbox.refuseUnentitled(graph.steps)
        try ImageExport.requirePlaces(of: request.outputs, apartFrom: found.path)
        events(.planned(graph.steps.map(StepHeading.init)))
        graph.warnings.forEach { events(.warning($0)) }
        let ignored = try loader.ignorePatterns(besides: found.path)
        let credentials = Credentials(request)
        try BuildCheck(request: request, bases: known, ignored: ignored, credentials: credentials)
            .run(recipe) { events(.findings($0)) }

        let settled = request.clamped(to: request.epoch ?? graph.epoch)
        let cache = try await workers.run { () throws(BuildError) in try importCache() }
        let executor = try stepExecutor(settled, graph, bases, found, context, ignored, credentials, cache)
        let listings = CacheMountListings(executor)
        let results = try await solve(graph.steps, with: executor, listings, on: workers)

        let (image, outputs) = try await workers.run { () throws(BuildError) in
            defer { listings.finish() }
            let made = try ImageExport(settled, store, events, registries, continuing: executor.draft)
                .run(graph.images, bases, results)
            try exportCache(graph, results, executor)
            return made
        }
        try fromStore { () throws(StoreError) in try store.files.save() }
        return BuildReport(
            image: image, outputs: outputs, steps: graph.steps.count, seconds: start.duration(to: clock.now).seconds)
    }

    /// What the build would do with each step, and why. Bases are found and contexts are read as for a build; no step is
    /// executed.
    package func explain(on thread: CallingThread? = nil) async throws -> [StepExplanation] {
        let workers = try Workers(count: 2, beside: thread)
        let context = try await workers.run { () throws(BuildError) in try OpenContext(request, .success(remotes)) }
        let loader = RecipeLoader(request: request, context: context.main?.folder, fetched: context.recipe)
        let found = try loader.load()
        events(.recipe(found.source))
        let (graph, bases, _) = try await plan(try parse(found.source), context, workers)
        let settled = request.clamped(to: request.epoch ?? graph.epoch)
        let cache = try await workers.run { () throws(BuildError) in try importCache() }
        let executor = try stepExecutor(
            settled, graph, bases, found, context, try loader.ignorePatterns(besides: found.path),
            Credentials(request), cache)
        return try await workers.run { () throws(BuildError) in try executor.explanations(of: graph.steps) }
    }

    /// A cache that is not there, or not whole, costs time and nothing else.
    private func importCache() throws(BuildError) -> ImportedCache {
        var cache = ImportedCache(into: store)
        for location in request.cacheSources {
            do throws(ImageError) {
                let count = try cache.add(location, registries)
                events(
                    .note(count.map { "the cache \(location) knows \($0) steps" } ?? "there is no cache \(location)"))
            } catch {
                events(.note("the cache \(location) is not used: \(error)"))
            }
        }
        return cache
    }

    private func exportCache(
        _ graph: CombinedGraph, _ results: [StepID: StepResult], _ executor: StepExecutor
    ) throws(BuildError) {
        let exporter = CacheExporter(
            store: store, compression: request.compression.compression, persistence: request.persistence,
            registries: registries, interruption: interruption, events: events)
        let mounts = executor.cacheMounts(of: graph.steps, results)
        for target in request.cacheTargets {
            do { try exporter.export(graph.steps, results, of: graph.images, mounts, to: target) } catch {
                throw BuildError(error)
            }
        }
    }

    /// A step that fails tells the others to stop: the build is not over before they have, and before everything that
    /// was put off is done.
    private func solve(
        _ steps: [Step], with executor: StepExecutor, _ listings: CacheMountListings, on workers: Workers
    ) async throws -> [StepID: StepResult] {
        if store.keepsSnapshotsInMemory, !steps.isEmpty {
            events(
                .note("the store lies on overlayfs, so steps keep their files in memory; --root names another folder"))
        }
        let solver = Solver(limit: request.jobs) { step, inputs in
            do {
                return try await workers.run { () throws(BuildError) in try executor.execute(step, inputs) }
            } catch {
                interruption.request()
                throw error
            }
        }
        let results: [StepID: StepResult]
        do {
            results = try await solver.solve(steps)
        } catch {
            // What was done before is kept; the error that counts is the one that ended the build.
            try? await workers.run { () throws(BuildError) in
                listings.begin()
                defer { listings.finish() }
                try executor.backlog.finish()
            }
            throw error
        }
        try await workers.run { () throws(BuildError) in
            listings.begin()
            try executor.backlog.finish()
        }
        return results
    }

    private func parse(_ source: RecipeSource) throws(BuildError) -> RecipeFile {
        do throws(Diagnostic) {
            return try RecipeFile.parse(source)
        } catch {
            throw BuildError(error)
        }
    }

    /// Plans for each platform, one after the other, with the bases that are known by then.
    private func plan(
        _ recipe: RecipeFile, _ context: OpenContext, _ workers: Workers
    ) async throws -> (CombinedGraph, [BaseImage], [BaseRequirement: PlannedBase]) {
        var bases = FoundBases()
        var graphs: [(platform: Platform, graph: BuildGraph)] = []
        for platform in request.platforms {
            var options = request.plan
            options.platform = platform
            graphs.append((platform, try await plan(recipe, options, context, workers, &bases)))
        }
        return (CombinedGraph(graphs), bases.images, bases.planned)
    }

    /// Plans, finds the bases that the plan turns out to need, and plans again until it needs no more.
    private func plan(
        _ recipe: RecipeFile, _ options: PlanOptions, _ context: OpenContext, _ workers: Workers,
        _ bases: inout FoundBases
    ) async throws -> BuildGraph {
        var options = options
        let resolver = BaseResolver(
            store: store, contexts: request.namedContexts, threads: request.threads, registries: registries,
            policy: request.pull)
        while true {
            let outcome: PlanOutcome
            do throws(Diagnostic) {
                outcome = try Planner.plan(recipe, options, bases: bases.planned)
            } catch {
                throw BuildError(error)
            }
            switch outcome {
            case .graph(let graph): return graph
            case .needsTime(let text, let source):
                let seconds = try await workers.run { () throws(BuildError) -> Int64? in
                    try time(of: source, context)
                }
                options.times.updateValue(seconds, forKey: text)
            case .needs(let missing):
                for requirement in missing {
                    let base = try await workers.run { () throws(BuildError) in try find(requirement, resolver) }
                    bases.add(base, for: requirement)
                }
            }
        }
    }

    private func time(of source: TimeSource, _ context: OpenContext) throws(BuildError) -> Int64? {
        switch source {
        case .context(let name): try context.context(named: name)?.time()
        case .remote(let source): try remotes.time(of: source)
        }
    }

    private func find(_ requirement: BaseRequirement, _ resolver: BaseResolver) throws(BuildError) -> BaseImage {
        do {
            return try resolver.resolve(requirement)
        } catch let error as ImageError {
            throw BuildError(error).at(requirement.span)
        } catch let error as BuildError {
            throw error.at(requirement.span)
        } catch let error as Diagnostic {
            throw BuildError(error)
        } catch {
            throw BuildError(.input, "base", "`\(requirement.name)`: \(error)", at: requirement.span)
        }
    }

    private func stepExecutor(
        _ request: BuildRequest, _ graph: CombinedGraph, _ bases: [BaseImage], _ recipe: RecipeLoader.Found,
        _ context: OpenContext, _ ignored: IgnorePatterns, _ credentials: Credentials, _ cache: ImportedCache
    ) throws(BuildError) -> StepExecutor {
        let outputs = OutputFilter(
            Set(request.outputs.compactMap(\.path) + request.sideFiles), records: store.outputs, events: events)
        var folders: [ExactText?: BuildContexts.Unscanned] = [:]
        if let main = context.main {
            folders[nil] = BuildContexts.Unscanned(folder: main.folder, patterns: ignored)
        }
        for (name, opened) in context.named.sorted {
            let loader = RecipeLoader(request: request, context: opened.folder)
            folders[ExactText(name)] = BuildContexts.Unscanned(
                folder: opened.folder,
                patterns: opened.origin == .thisMachine ? try loader.ownIgnorePatterns() : IgnorePatterns())
        }
        let snapshots = SnapshotProvider(store: store, threads: request.threads, interruption: interruption)
        let readSteps = Set(graph.steps.flatMap(\.dependencies).compactMap(\.step))
        return StepExecutor(
            settings: BuildSettings(request, recipeName: context.name(of: recipe)),
            store: store,
            snapshots: snapshots,
            contexts: BuildContexts(
                folders, digests: store.files, outputs: outputs, threads: request.threads, recordingIn: store.path),
            remotes: remotes,
            bases: bases.map { StepResult(base: $0.layers.map(\.diffID)) }, readSteps: readSteps,
            networkFiles: NetworkFilesOnce { () throws(BuildError) in try networkFiles() },
            initLayers: InitLayers(store.snapshots),
            squashedLayers: SquashedLayers(snapshots, store),
            credentials: remotes.credentials, importedCache: cache,
            draft: OutputDraft(request, graph.images, bases, store),
            events: events,
            interruption: interruption)
    }

    private func networkFiles() throws(BuildError) -> NetworkFiles {
        let folder = try store.newScratchFolder()
        do {
            return try NetworkFiles(
                in: folder, extraHosts: request.extraHosts, resolvers: request.sandbox.resolvers,
                hostname: request.plan.hostName ?? NetworkFiles.hostname)
        } catch {
            throw BuildError(error, doing: "writing the steps' hosts and resolv.conf")
        }
    }
}

extension BuildRequest {
    /// The same with another epoch: a recipe may name one.
    fileprivate func clamped(to epoch: Int64?) -> BuildRequest {
        var request = self
        request.epoch = epoch
        return request
    }
}

/// The bases that are known so far, numbered for all platforms alike.
private struct FoundBases {
    private(set) var images: [BaseImage] = []
    private(set) var planned: [BaseRequirement: PlannedBase] = [:]

    mutating func add(_ image: BaseImage, for requirement: BaseRequirement) {
        planned[requirement] = PlannedBase(id: BaseID(index: images.count), config: image.config)
        images.append(image)
    }
}
