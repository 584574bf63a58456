import Frontend
import OCI

/// Variables as `NAME=value`, one a line, an empty line, and a word in which they are replaced.
struct ExpansionInput {
    let variables: ExactMap<String>
    let text: String

    init(_ input: [UInt8]) {
        let parts = InputParts(input)
        var variables: ExactMap<String> = [:]
        for line in parts.lines {
            let pair = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(decoding: pair[0], as: UTF8.self)] =
                pair.count > 1 ? String(decoding: pair[1], as: UTF8.self) : ""
        }
        self.variables = variables
        text = String(decoding: parts.rest, as: UTF8.self)
    }

    func run() {
        for escape in [EscapeCharacter.backslash, .backtick] { examine(Word(text, escape: escape)) }
    }

    private func examine(_ word: Word) {
        do {
            let expansion = try word.expansion(in: variables)
            law("an expansion has an end", expansion.text.utf8.count <= Expansion.maximumSize)
            for name in expansion.used { law("what was used has a value", variables[name.value] != nil) }
            for name in expansion.unset { law("what was unset has none", variables[name.value] == nil) }
            let words = expansion.words.reduce(0) { $0 + $1.utf8.count }
            law("splitting adds nothing", words <= expansion.text.utf8.count)
        } catch {
            law("a diagnostic says something", !error.message.isEmpty && !error.code.isEmpty)
        }
    }
}
