import OCI

/// The ARGs before the first FROM: what each is, and which others its default uses.
struct GlobalArguments {
    private(set) var arguments: ExactMap<RecipeOutline.Argument> = [:]
    private var needs: ExactMap<Set<ExactText>> = [:]
    private let values: Variables

    init(_ linted: LintedRecipe) {
        values = linted.arguments?.global ?? Variables()
        for argument in linted.globals {
            let name = argument.name.value
            arguments[name] = RecipeOutline.Argument(
                name: name, value: values[name], description: argument.description, span: argument.name.span)
            guard linted.arguments?.given[name] == nil, let word = argument.value else { continue }
            needs[name, default: []].formUnion(names(in: word))
        }
    }

    /// Those that a stage's FROM uses.
    func names(in stage: LintedStage) -> Set<ExactText> {
        [stage.stage.from.image, stage.stage.from.platform].compactMap(\.self)
            .reduce(into: []) { $0.formUnion(names(in: $1)) }
    }

    private func names(in word: Word) -> Set<ExactText> {
        Set(names: ((try? word.expansion(in: values))?.used ?? []).map(\.value))
    }

    /// These names and those that their defaults use, and so on.
    func closure(of names: Set<ExactText>) -> Set<ExactText> {
        var (all, open) = (names, Array(names))
        while let name = open.popLast() {
            for other in needs[name.text] ?? [] where all.insert(other).inserted { open.append(other) }
        }
        return all
    }
}
