import ArgumentParser
import Builder
import Frontend
import Linux
import OCI

/// `layerbuild explain`: which steps a build would execute, and why.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says which steps a build would execute, and why. Executes none.",
        discussion: """
            Takes the flags of a build. Each step is compared with what its place in the recipe was last built from. \
            Example: layerbuild explain -f shop/Recipe shop
            """)

    @OptionGroup var form: JSONOption
    @OptionGroup var options: BuildOptions
    @ArgumentParser.Argument(help: BuildOptions.contextHelp, completion: .file()) var context: String

    func run() async throws {
        let surroundings = try Surroundings.current()
        let request = try options.request(for: context, in: surroundings)
        let progress = try Progress(.quiet, log: nil)
        do {
            let interruption = try Interruption.ofSignals()
            try Interruption.endProcess(secondsAfterSignal: 2, saying: progress.lastWords)
            let store = try options.store.open(in: surroundings)
            let steps = try await Build(request, in: store, interruption: interruption) { progress.show($0) }
                .explain(on: Layerbuild.thread)
            try form.tell(steps.map(Self.text).joined(), or: .array(steps.map(Self.json)))
        } catch {
            throw Failure(error, toldBy: progress)
        }
    }

    private static func title(_ step: StepExplanation) -> String {
        PrintableLine(Array("[\(step.heading.place.title)] \(step.heading.text)".utf8)).text
    }

    private static func text(_ step: StepExplanation) -> String {
        let lines: [String] =
            switch step.verdict {
            case .cached(let created): ["cached since \(Timestamp.text(seconds: created))"]
            case .missed(let reasons): reasons.map { "not cached: \(PrintableLine(Array($0.utf8)).text)" }
            case .dependsOnOthers: ["shows when the steps that it stands on have been done"]
            }
        return title(step) + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    private static func json(_ step: StepExplanation) -> JSONValue {
        let place = step.heading.place
        var object = JSONObject([
            ("stage", .string(place.stage)), ("number", .integer(Int64(place.number))),
            ("count", .integer(Int64(place.count))), ("instruction", .string(step.heading.text)),
        ])
        object["platform"] = place.platform.map { .string($0.description) }
        switch step.verdict {
        case .cached(let created):
            object["verdict"] = "cached"
            object["created"] = .string(Timestamp.text(seconds: created))
        case .missed(let reasons):
            object["verdict"] = "missed"
            object["reasons"] = .strings(reasons)
        case .dependsOnOthers: object["verdict"] = "unknown"
        }
        return .object(object)
    }
}
