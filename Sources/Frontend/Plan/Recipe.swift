/// A parsed file, its instructions put in stages.
struct Recipe: Hashable, Sendable {
    /// The ARGs before the first FROM.
    let globals: [Argument]
    /// At least one.
    let stages: [Stage]

    /// - Throws: a diagnostic if something but ARG stands before the first FROM, or if there is no FROM.
    init(_ file: RecipeFile) throws(Diagnostic) {
        var globals: [Argument] = []
        var stages: [Stage] = []
        for parsed in file.instructions {
            switch parsed.instruction {
            case .from(let from): stages.append(Stage(index: stages.count, from: from, span: parsed.span))
            case .arg(let arguments) where stages.isEmpty: globals += arguments
            case _ where stages.isEmpty:
                throw Diagnostic(
                    .error, "before-from", "\(parsed.keyword.rawValue) stands before the first FROM", at: parsed.span,
                    hint: "only ARG may stand there; begin the stage with `FROM image` or `FROM scratch`")
            case _: stages[stages.count - 1].instructions.append(parsed)
            }
        }
        guard !stages.isEmpty else {
            throw Diagnostic(
                .error, "no-stage", "the recipe has no FROM", at: file.instructions.last?.span,
                hint: "a recipe needs `FROM image` or `FROM scratch`")
        }
        self.globals = globals
        self.stages = stages
    }

    /// The stage that is asked for: by name, whatever its letter case, or by number; the last one if none is.
    func target(_ name: String?) throws(Diagnostic) -> Int {
        guard let name else { return stages.count - 1 }
        if let index = stages.lastIndex(where: { $0.name == name.lowercased() }) { return index }
        if let index = Int(name), stages.indices.contains(index) { return index }
        let names = stages.compactMap(\.name)
        let hint = closest(to: name, in: names).map { "did you mean `\($0)`?" }
        let list = names.isEmpty ? nil : "the stages are \(names.map { "`\($0)`" }.joined(separator: ", "))"
        throw Diagnostic(.error, "unknown-target", "the recipe has no stage `\(name)`", hint: hint ?? list)
    }
}
