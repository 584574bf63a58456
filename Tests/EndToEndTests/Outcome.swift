import Linux
import Testing

/// How a program ended and what it said.
struct Outcome: CustomStringConvertible {
    /// A step as plain progress tells of it.
    struct Step: Hashable {
        var title: String
        var isCached = false
        /// Why it was not.
        var reason: String?
    }

    let status: Linux.ExitStatus
    let output: String
    let error: String

    var exitCode: Int32 { status.shellCode }

    var description: String { "\(status), output: \(output.prefix(500)), error: \(error.suffix(4000))" }

    var lines: [Substring] { error.split(separator: "\n") }

    /// The digest on standard output, if that is all there is.
    var digest: String? {
        let line = output.hasSuffix("\n") ? output.dropLast() : ""
        return line.contains("\n") || line.utf8.count != 71 || !line.hasPrefix("sha256:") ? nil : String(line)
    }

    /// The steps in the order in which they began, without what is no step of the recipe.
    var steps: [Step] {
        var numbers: [Substring] = []
        var steps: [Substring: Step] = [:]
        for line in lines where line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            let (number, text) = (words[0], words[1])
            if steps[number] == nil {
                numbers.append(number)
                steps[number] = Step(title: String(text))
            } else if text == "CACHED" {
                steps[number]?.isCached = true
            } else if text.hasPrefix("not cached: ") {
                steps[number]?.reason = String(text.dropFirst(12))
            }
        }
        return numbers.compactMap { steps[$0] }.filter { $0.title.hasPrefix("[") }
    }

    /// The instructions that were executed.
    var executed: [String] {
        steps.filter { !$0.isCached }.map { step in
            String(step.title.drop { $0 != "]" }.dropFirst(2))
        }
    }

    /// The line that says what is wrong, if there is exactly one.
    var errorLine: String? {
        let found = lines.filter { $0.hasPrefix("error") }
        return found.count == 1 ? found.first.map(String.init) : nil
    }
}

/// Succeeds with a digest, which is returned.
@discardableResult
func expectSuccess(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    #expect(outcome.exitCode == 0, "\(outcome)", sourceLocation: sourceLocation)
    return try #require(outcome.digest, "\(outcome)", sourceLocation: sourceLocation)
}

/// Fails with this code, by itself, with one line in the form of all errors that contains all of the words.
func expectFailure(
    _ outcome: Outcome, exit code: Int32, saying words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == .exited(code), "\(outcome)", sourceLocation: sourceLocation)
    let line = outcome.errorLine ?? ""
    #expect(line.contains(/^error\[[a-z0-9-]+\]: [^ ]/), "\(outcome)", sourceLocation: sourceLocation)
    for word in words {
        #expect(outcome.error.contains(word), "`\(word)` is not in: \(outcome)", sourceLocation: sourceLocation)
    }
    #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
}
