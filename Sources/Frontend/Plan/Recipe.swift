/// A parsed file, its instructions put in stages.
struct Recipe: Hashable, Sendable {
    /// The ARGs before the first FROM.
    let globals: [Argument]
    let stages: [Stage]

    /// The parser has seen to it that only ARGs stand before the first FROM.
    init(_ file: RecipeFile) {
        var globals: [Argument] = []
        var stages: [Stage] = []
        for parsed in file.instructions {
            if case .from(let from) = parsed.instruction {
                stages.append(Stage(index: stages.count, from: from, span: parsed.span))
            } else if !stages.isEmpty {
                stages[stages.count - 1].instructions.append(parsed)
            } else if case .arg(let arguments) = parsed.instruction {
                globals += arguments
            }
        }
        self.globals = globals
        self.stages = stages
    }

    /// The stage that is asked for: by name, whatever its letter case, or by number; the last one if none is.
    func target(_ name: String?) throws(Diagnostic) -> Int {
        guard let last = stages.indices.last else {
            throw Diagnostic(.error, "no-stage", "the recipe has no FROM", hint: "begin with `FROM image`")
        }
        guard let name else { return last }
        let key = name.inLowerCase
        if let index = stages.lastIndex(where: { $0.name == key }) { return index }
        if let index = Int(name), stages.indices.contains(index) { return index }
        let names = stages.compactMap(\.name)
        let hint = closest(to: name, in: names).map { "did you mean `\($0)`?" }
        let list = names.isEmpty ? nil : "the stages are \(names.map { "`\($0)`" }.joined(separator: ", "))"
        throw Diagnostic(.error, "unknown-target", "the recipe has no stage `\(name)`", hint: hint ?? list)
    }
}
