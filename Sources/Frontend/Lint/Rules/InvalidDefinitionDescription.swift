import OCI

/// The comment above an ARG or a named stage describes it for `--call=outline` and `--call=targets`.
struct InvalidDefinitionDescription: LintRule {
    let summary = "a comment above ARG or FROM begins with the name that it describes"
    let origin = LintRuleOrigin.experimental
    let extent = LintExtent.instruction

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.file.instructions.compactMap { parsed in
            let names = parsed.instruction.definedNames
            guard let example = names.first, let comment = parsed.leadingComments.last else { return nil }
            guard !Set(names: names).contains(comment.value.cut(at: " ").before) else { return nil }
            return LintDraft(
                "the comment does not begin with a name that \(parsed.keyword.rawValue) defines", at: comment.span,
                of: parsed,
                hint: "write `# \(names.count == 1 ? example : "name") description`, or an empty comment below it")
        }
    }
}

extension Instruction {
    /// What a comment above can describe.
    fileprivate var definedNames: [String] {
        switch self {
        case .arg(let arguments): arguments.map(\.name.value)
        case .from(let from): [from.name].compactMap(\.self)
        case .add, .copy, .run, .workdir, .cmd, .entrypoint, .env, .expose, .healthcheck, .label, .maintainer, .onbuild,
            .shell, .stopsignal, .user, .volume:
            []
        }
    }
}
