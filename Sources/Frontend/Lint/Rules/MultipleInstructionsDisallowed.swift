/// Of several CMDs, ENTRYPOINTs or HEALTHCHECKs of a stage the last one holds; the others are named.
struct MultipleInstructionsDisallowed: LintRule {
    private static let keywords: Set<Keyword> = [.cmd, .entrypoint, .healthcheck]

    let summary = "a stage has one CMD, one ENTRYPOINT and one HEALTHCHECK"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.stages.flatMap { stage in
            var last: [Keyword: ParsedInstruction] = [:]
            return stage.instructions.map(\.parsed).compactMap { parsed -> LintDraft? in
                let keyword = parsed.keyword
                guard Self.keywords.contains(keyword), let earlier = last.updateValue(parsed, forKey: keyword) else {
                    return nil
                }
                return LintDraft(
                    "this \(keyword.rawValue) has no effect, since the stage has another one below",
                    at: earlier.typedKeyword.span, of: earlier, parsed, hint: "remove one of the two")
            }
        }
    }
}
