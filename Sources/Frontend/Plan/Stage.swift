/// One FROM and what follows it.
struct Stage: Hashable, Sendable {
    /// From 0, in the order of the recipe.
    let index: Int
    let from: From
    /// Of the FROM.
    let span: SourceSpan
    var instructions: [ParsedInstruction] = []

    /// In lower case, as others refer to it.
    var name: String? { from.name }

    /// The name; `stage-N` if the stage has none.
    var label: String { name ?? "stage-\(index)" }

    /// What the stage leaves to builds that start from it.
    var triggers: [Trigger] {
        instructions.compactMap { parsed in
            if case .onbuild(let trigger) = parsed.instruction { trigger } else { nil }
        }
    }
}
