import ArgumentParser
import Builder
import Linux
import OCI
import Store
import SystemPackage

/// `layerbuild build`: a recipe becomes an image.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds an image from a recipe and a context.")

    @OptionGroup var options: BuildOptions

    func run() async throws {
        let surroundings = try Surroundings.current()
        _ = try Configuration.read(in: surroundings)
        let request = try options.request(in: surroundings)
        let form = try options.progress.form()
        let files = ResultFiles(
            imageID: options.iidfile.map(surroundings.absolute),
            metadata: options.metadataFile.map(surroundings.absolute))
        let progress = try Progress(form, log: options.progress.logFile.map(surroundings.absolute))
        do {
            let interruption = try Interruption.ofSignals()
            try files.clear()
            let store = try options.store.open(in: surroundings)
            let report = try await Build(request, in: store, interruption: interruption) { progress.show($0) }.run()
            let result = BuildResult(report: report, names: request.tags)
            try files.write(result.summary)
            progress.finish(result)
            try tellDigest(result, request)
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }

    /// The digest alone, unless standard output has carried an archive.
    private func tellDigest(_ result: BuildResult, _ request: BuildRequest) throws(Failure) {
        guard !request.outputs.contains(where: { $0.form != .none && $0.destination == .standardOutput }) else {
            return
        }
        try Console.output.tell("\(result.report.image.manifest.digest)\n")
    }
}
