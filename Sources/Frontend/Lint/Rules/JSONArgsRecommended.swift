/// A shell stands between the runtime and a command in shell form, and keeps signals to itself.
struct JSONArgsRecommended: LintRule {
    let summary = "CMD and ENTRYPOINT are in JSON form, so that signals reach the program"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.compactMap { read in
            guard !read.hasShell, case .shell = read.parsed.instruction.startedCommand else { return nil }
            let keyword = read.parsed.keyword.rawValue
            return LintDraft(
                "\(keyword) is in shell form, so the shell gets the signals that are meant for the program",
                at: read.parsed.typedKeyword.span, of: read.parsed,
                hint: "write `\(keyword) [\"program\", \"argument\"]`")
        }
    }
}

extension Instruction {
    /// What the image starts, if the instruction says so.
    fileprivate var startedCommand: CommandLine? {
        switch self {
        case .cmd(let command), .entrypoint(let command): command
        case .from, .add, .copy, .run, .workdir, .arg, .env, .expose, .healthcheck, .label, .maintainer, .onbuild,
            .shell, .stopsignal, .user, .volume:
            nil
        }
    }
}
