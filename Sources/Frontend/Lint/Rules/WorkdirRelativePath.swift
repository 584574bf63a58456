/// A relative WORKDIR goes on from wherever the base image stands.
struct WorkdirRelativePath: LintRule {
    let summary = "the first WORKDIR is absolute, so that it does not depend on the base"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.compactMap { read in
            read.relativeWorkdir.map { path in
                LintDraft(
                    "the working directory `\(path.value)` depends on that of the base image", at: path.span,
                    of: read.parsed, hint: "begin it with `/`")
            }
        }
    }
}
