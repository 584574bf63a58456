/// `ENV name value` is from a time when ENV took one pair.
struct LegacyKeyValueFormat: LintRule {
    let summary = "ENV and LABEL have an equals sign between name and value"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read -> [LintDraft] in
            let keyword = read.parsed.keyword.rawValue
            return read.parsed.instruction.bindings.filter(\.isLegacy).map { binding in
                LintDraft(
                    "`\(keyword) name value` is the old form of `\(keyword) name=value`",
                    at: binding.name.span.joined(with: binding.value.span), of: read.parsed,
                    hint: "write `=` after `\(binding.name.text)`, and a value with blanks in quotes")
            }
        }
    }
}

extension Instruction {
    fileprivate var bindings: [Binding] {
        switch self {
        case .env(let bindings), .label(let bindings): bindings
        case .from, .add, .copy, .run, .workdir, .arg, .cmd, .entrypoint, .expose, .healthcheck, .maintainer, .onbuild,
            .shell, .stopsignal, .user, .volume:
            []
        }
    }
}
