import ArgumentParser
import Builder
import Linux
import OCI
import Store
import SystemPackage

/// `layerbuild build`: a recipe becomes an image.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", _superCommandName: Layerbuild.name,
        abstract: "Builds an image from a recipe and a context.",
        discussion: "`build` need not be named. Example: layerbuild -f shop/Recipe -t shop/web:1.2 shop")

    @OptionGroup var options: BuildOptions
    @Argument(help: BuildOptions.contextHelp, completion: .file()) var context: String

    func run() async throws {
        let surroundings = try Surroundings.current()
        let configuration = try Configuration.read(in: surroundings)
        let call = try options.recipeCall()
        guard call == .build else { return try RecipeReport(options, of: context, in: surroundings).tell(call) }
        let request = try options.request(for: context, in: surroundings)
        let form = try options.progress.form()
        let files = ResultFiles(
            imageID: options.iidfile.map(surroundings.absolute),
            metadata: options.metadataFile.map(surroundings.absolute))
        let progress = try Progress(form, log: options.progress.logFile.map(surroundings.absolute))
        do {
            try files.clear()
            let report = try await build(request, in: surroundings, progress)
            let result = BuildResult(report: report, names: request.tags)
            try files.write(result.summary)
            progress.finish(result)
            try tellDigest(result, request)
            try trim(to: configuration, in: surroundings)
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }

    /// When this returns nobody of this process is in the store any more.
    private func build(
        _ request: BuildRequest, in surroundings: Surroundings, _ progress: Progress
    ) async throws -> BuildReport {
        let interruption = try Interruption.ofSignals()
        try Interruption.endProcess(secondsAfterSignal: 2, saying: progress.lastWords)
        let store = try options.store.open(in: surroundings)
        return try await Build(request, in: store, interruption: interruption) { progress.show($0) }
            .run(on: Layerbuild.thread)
    }

    /// Keeps the store within its limit. Where others work in it, the last of them does.
    private func trim(to configuration: Configuration, in surroundings: Surroundings) throws {
        guard let limit = configuration.maximumStoreSize,
            let store = try options.store.openIfUnused(in: surroundings)
        else { return }
        let collector = GarbageCollector(store)
        let plan = try collector.plan(RetentionPolicy(maximumSize: limit))
        if plan.sizeBefore > limit { try collector.carryOut(plan) }
    }

    /// The digest alone, unless standard output has carried an archive.
    private func tellDigest(_ result: BuildResult, _ request: BuildRequest) throws(Failure) {
        guard !request.outputs.contains(where: { $0.form != .none && $0.destination == .standardOutput }) else {
            return
        }
        try Console.output.tell("\(result.report.image.root.digest)\n")
    }
}
