import ArgumentParser
import Builder
import Frontend
import Glibc
import Linux
import OCI
import SystemPackage

/// `layerbuild parse`: a recipe as other programs want it, or an answer to those who compare parsers.
struct ParseCommand: ParsableCommand {
    /// The largest question.
    private static let limit = 16 << 20

    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Prints a recipe's instructions with their words and places.",
        discussion: "Nothing is expanded. Example: layerbuild parse --json shop/Recipe")

    @Flag(help: "as JSON; there is no other form")
    var json = false

    @Option(help: ArgumentHelp("what is asked of single rules", valueName: "kind", visibility: .hidden))
    var kind: String?

    @ArgumentParser.Argument(help: ArgumentHelp("the recipe; `-` is standard input"), completion: .file())
    var recipe: String

    func run() throws {
        guard json else { throw Failure.usage("`parse` needs `--json`, the one form that there is") }
        guard !recipe.isEmpty else { throw Failure.usage("the recipe is empty") }
        let bytes = try read()
        guard let kind else { return try Console.output.tell(document(bytes).line) }
        guard let asked = ParserProbe.Kind(rawValue: kind) else {
            throw Failure.choice("--kind", kind, ParserProbe.Kind.allCases.map(\.rawValue))
        }
        try Console.output.tell(ParserProbe.answer(asked, to: question(bytes)).line)
    }

    private func document(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        let source = RecipeSource(name: recipe, bytes: bytes)
        do { return RecipeJSON(try RecipeFile.parse(source)).document } catch {
            throw Failure(BuildError(error), in: source)
        }
    }

    private func question(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        do { return try JSONValue.parse(bytes) } catch {
            throw Failure(.rejectedInput, "json", "the question is no JSON: \(error)")
        }
    }

    private func read() throws(Failure) -> [UInt8] {
        do throws(SyscallError) {
            let path: FilePath = recipe == "-" ? "/dev/stdin" : FilePath(recipe)
            return try File(opening: path).readAll(limit: Self.limit)
        } catch {
            let doing = kind == nil ? "reading the recipe" : "reading the question"
            throw Failure(BuildError(error, doing: doing, kind: .input))
        }
    }
}
