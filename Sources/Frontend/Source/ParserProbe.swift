package import OCI

/// Answers questions about single rules of the recipe language, for those who compare parsers.
package enum ParserProbe {
    /// What is asked.
    package enum Kind: String, Sendable, CaseIterable {
        /// A word after expansion.
        case word
        /// A word after expansion and splitting.
        case words
        /// The strings of a JSON form.
        case json
        /// Whether a recipe is refused.
        case reject
        /// The names of a recipe's stages, an unnamed last one as `(default)`.
        case targets
    }

    /// `{"result": …}`, or `{"error": message}`.
    package static func answer(
        _ kind: Kind, input: String, environment: ExactMap<String> = [:], escape: EscapeCharacter = .backslash
    ) -> JSONValue {
        do { return ["result": try result(kind, input, environment, escape)] } catch {
            return ["error": .string(error.message)]
        }
    }

    /// The same for a question of the form `{"input": …, "env": {…}, "escape": …}`.
    package static func answer(_ kind: Kind, to question: JSONValue) -> JSONValue {
        guard let object = question.object, let input = object["input"]?.string else {
            return ["error": "the question has no `input`"]
        }
        let environment = object["env"]?.object?.stringMap ?? [:]
        let escape = (object["escape"]?.string?.utf8.first).flatMap(EscapeCharacter.init(rawValue:)) ?? .backslash
        return answer(kind, input: input, environment: environment, escape: escape)
    }

    private static func result(
        _ kind: Kind, _ input: String, _ environment: ExactMap<String>, _ escape: EscapeCharacter
    ) throws(Diagnostic) -> JSONValue {
        switch kind {
        case .word: return .string(try Word(input, escape: escape).expanded(in: environment))
        case .words: return .strings(try Word(input, escape: escape).split(in: environment))
        case .json:
            var line = LogicalLine(escape: escape)
            line.bytes = Array(input.utf8)
            guard let strings = try JSONForm.strings(in: line.range, of: line) else {
                throw Diagnostic(.error, "not-json", "the text is no JSON array")
            }
            return .strings(strings.map(\.text))
        case .reject, .targets:
            let recipe = try RecipeFile.parse(RecipeSource(name: "Recipe", text: input))
            return .strings(targets(of: recipe))
        }
    }

    private static func targets(of recipe: RecipeFile) -> [String] {
        let stages = recipe.instructions.compactMap { parsed -> From? in
            if case .from(let from) = parsed.instruction { from } else { nil }
        }
        return stages.indices.compactMap { stages[$0].name ?? ($0 == stages.count - 1 ? "(default)" : nil) }
    }
}
