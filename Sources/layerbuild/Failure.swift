import ArgumentParser
import Builder
import Frontend
import Linux
import Store

/// How a command ended badly: what to tell, and what to exit with.
struct Failure: Error {
    let exitCode: ExitCode
    let diagnostic: Diagnostic
    /// What the diagnostic's place is in.
    var source: RecipeSource?
    /// The end of a command's output.
    var details: [String] = []
    /// Who has been showing the command's work, and tells how it ended; `nil` before anybody does.
    var teller: Progress?

    init(_ exitCode: ExitCode, _ code: String, _ message: String, hint: String? = nil) {
        self.exitCode = exitCode
        diagnostic = Diagnostic(.error, code, message, hint: hint)
    }

    /// The command line makes no sense.
    static func usage(_ message: String, hint: String? = nil) -> Failure {
        Failure(.usage, "usage", message, hint: hint)
    }

    init(_ error: BuildError, in source: RecipeSource? = nil, signal: Int32? = Interruption.signal) {
        exitCode = ExitCode(error.kind, signal: signal)
        diagnostic = Diagnostic(.error, error.code, error.message, at: error.span, hint: error.hint, notes: error.notes)
        self.source = source
        details = error.details
    }

    /// The error that ended a command whose work `progress` has been showing.
    init(_ error: any Error, toldBy progress: Progress) {
        self.init(any: error)
        source = source ?? progress.recipe
        teller = progress
    }

    init(_ error: SyscallError, doing: String) { self.init(BuildError(error, doing: doing)) }

    /// The lines to show, each ended.
    func text(_ style: DiagnosticRenderer.Style) -> String {
        DiagnosticRenderer(style: style).render(diagnostic, in: source)
            + details.map { "  | \(PrintableLine(Array($0.utf8)).text)\n" }.joined()
    }
}

extension Failure {
    /// Runs a command and tells how it ended if that was badly: the only place where an error becomes text.
    static func report(_ body: () async throws -> Void) async -> ExitCode {
        do {
            try await body()
            return .success
        } catch let ending as CommandEnding {
            return ending.code
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> ExitCode {
        if Layerbuild.exitCode(for: error).rawValue == 0 {
            Console.output.write(Layerbuild.fullMessage(for: error) + "\n")
            return .success
        }
        let failure = Failure(any: error)
        if let teller = failure.teller {
            teller.fail(failure)
        } else {
            Console.error.write(failure.text(Style.ofStandardError))
        }
        return failure.exitCode
    }

    init(any error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as BuildError: self.init(error)
        case let error as ImageError: self.init(BuildError(error))
        case let error as StoreError: self.init(BuildError(error))
        case let error as SyscallError: self.init(error, doing: "asking the system")
        default: self.init(arguments: Layerbuild.message(for: error))
        }
    }

    /// What the argument parser says, as one clause: it writes sentences.
    init(arguments message: String) {
        let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
        let sentences = lines.first.map(String.init) ?? "the arguments make no sense"
        guard let guess = sentences.firstRange(of: " Did you mean ") else {
            self = .usage(Self.clause(sentences), hint: "`layerbuild --help` says what there is")
            return
        }
        self = .usage(
            Self.clause(String(sentences[..<guess.lowerBound])),
            hint: "did you mean \(Self.clause(String(sentences[guess.upperBound...])))")
    }

    /// The sentence without a capital and a full stop, and with what was typed in backticks.
    private static func clause(_ sentence: String) -> String {
        var text = sentence
        while text.hasSuffix(".") { text.removeLast() }
        return String(text.prefix(1).lowercased() + text.dropFirst()).map { $0 == "'" ? "`" : String($0) }.joined()
    }
}
