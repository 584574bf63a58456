import ArgumentParser
import Frontend
import Glibc
import Linux
import OCI
import SystemPackage

/// `layerbuild parse`: answers questions about single rules of the recipe language, for those who compare parsers.
struct ParseCommand: ParsableCommand {
    /// The largest question.
    private static let limit = 16 << 20

    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Answers questions about the recipe language.", shouldDisplay: false)

    @Option(help: ArgumentHelp("what is asked: word, words, json, reject or targets", valueName: "kind"))
    var kind: String

    @Flag(help: "the question and the answer are JSON; there is no other form")
    var json = false

    @ArgumentParser.Argument(help: ArgumentHelp("the file with the question; `-` is standard input"))
    var question: String

    func run() throws {
        guard let asked = ParserProbe.Kind(rawValue: kind) else {
            throw Failure.choice("--kind", kind, ParserProbe.Kind.allCases.map(\.rawValue))
        }
        guard json else { throw Failure.usage("a question needs `--json`") }
        let answer = ParserProbe.answer(asked, to: try read())
        try Console.output.tell(String(decoding: answer.serialised(), as: UTF8.self) + "\n")
    }

    private func read() throws(Failure) -> JSONValue {
        let bytes: [UInt8]
        do throws(SyscallError) {
            let path: FilePath = question == "-" ? "/dev/stdin" : FilePath(question)
            bytes = try File(opening: path).readAll(limit: Self.limit)
        } catch {
            throw Failure(error, doing: "reading the question")
        }
        do { return try JSONValue.parse(bytes) } catch {
            throw Failure(.rejectedInput, "json", "the question is no JSON: \(error)")
        }
    }
}
