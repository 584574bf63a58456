import OCI

/// What ARG and ENV hold stands in the image for everybody to read. Names are judged here, values by
/// ``SecretValueInArgOrEnv``.
struct SecretsUsedInArgOrEnv: LintRule {
    private static let suspicious: Set<String> = [
        "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token",
    ]
    private static let harmless: Set<String> = ["public", "file", "version"]

    let summary = "ARG and ENV hold no secrets, since the image shows them"

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        recipe.instructions.flatMap { read in
            read.settings.filter { Self.soundsSecret($0.name.value) }.map { setting in
                LintDraft(
                    "\(read.parsed.keyword.rawValue) `\(setting.name.value)` sounds like a secret, and the image shows it",
                    at: setting.name.span, of: read.parsed,
                    hint: "give it with `--secret` and use it with `RUN --mount=type=secret`")
            }
        }
    }

    private static func soundsSecret(_ name: String) -> Bool {
        let words = Set(name.inLowerCase.parts(between: "_"))
        return !words.isDisjoint(with: suspicious) && words.isDisjoint(with: harmless)
    }
}
