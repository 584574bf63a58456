/// The value of an ARG or ENV is one that the build was given with `--secret`, or is of a form in which well-known
/// services write their keys. No message shows it.
struct SecretValueInArgOrEnv: LintRule {
    /// Shorter secrets could stand anywhere by chance.
    private static let minimumLength = 8

    let summary = "ARG and ENV hold no value that is a secret"
    let origin = LintRuleOrigin.own

    func findings(in recipe: LintedRecipe) -> [LintDraft] {
        let secrets = recipe.facts.secrets.map(Self.withoutLineEnd).filter { $0.count >= Self.minimumLength }
        let settings = recipe.instructions.flatMap { read in
            read.settings.map { (read.parsed, $0.name, $0.value) }
        }
        let globals = recipe.file.instructions.prefix { $0.keyword == .arg }.flatMap { parsed in
            parsed.instruction.arguments.map { (parsed, $0.name, recipe.arguments?.global[$0.name.value]) }
        }
        return (globals + settings).compactMap { parsed, name, value in
            guard let value, !value.isEmpty, let reason = Self.reason(value, secrets) else { return nil }
            return LintDraft(
                "\(parsed.keyword.rawValue) `\(name.value)` holds \(reason), and the image shows it", at: name.span,
                of: parsed, hint: "give it with `--secret` and use it with `RUN --mount=type=secret`")
        }
    }

    private static func reason(_ value: String, _ secrets: [[UInt8]]) -> String? {
        let bytes = Array(value.utf8)
        if secrets.contains(where: { bytes.holds($0) }) { return "the value of a secret of this build" }
        return KnownToken.all.first { $0.matches(value) }.map { "what looks like \($0.name)" }
    }

    /// Files of secrets often end with one.
    private static func withoutLineEnd(_ secret: [UInt8]) -> [UInt8] {
        Array(secret.reversed().drop { $0 == .newline || $0 == .carriageReturn }.reversed())
    }
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...count - part.count).contains { self[$0] == part[0] && self[$0...].starts(with: part) }
    }
}
