/// Something that recipes are checked for. The type's name is the rule's.
protocol LintRule: Sendable {
    /// What good recipes do, in one clause.
    var summary: String { get }
    var origin: LintRuleOrigin { get }
    var extent: LintExtent { get }

    func findings(in recipe: LintedRecipe) -> [LintDraft]
}

/// Whose rule it is, which decides when it speaks and whether it can fail a build.
package enum LintRuleOrigin: Hashable, Sendable {
    /// One of docker's.
    case docker
    /// One of docker's that speaks only where `experimental=` asks for it.
    case experimental
    /// One that only this program has. It warns and never fails a build that docker would let pass, unless the recipe
    /// asks for it by name in `experimental=`.
    case own
}

/// How much of a recipe a rule must have seen.
enum LintExtent: Hashable, Sendable {
    /// Single instructions, so it holds for what stands before a mistake too.
    case instruction
    case recipe
}

extension LintRule {
    var name: String { "\(Self.self)" }
    var origin: LintRuleOrigin { .docker }
    var extent: LintExtent { .recipe }
}

/// All rules, in the order of their names.
enum LintRules {
    static let all: [any LintRule] = [
        ConsistentInstructionCasing(), CopyEmptiedFolder(), CopyIgnoredFile(), DuplicateStageName(),
        ExposeInvalidFormat(), ExposeProtoCasing(), FromAsCasing(), FromPlatformFlagConstDisallowed(),
        InvalidBaseImagePlatform(), InvalidDefaultArgInFrom(), InvalidDefinitionDescription(), JSONArgsRecommended(),
        LegacyKeyValueFormat(), MaintainerDeprecated(), MultipleInstructionsDisallowed(), NoEmptyContinuation(),
        RedundantTargetPlatform(), ReservedStageName(), SecretValueInArgOrEnv(), SecretsUsedInArgOrEnv(),
        StageNameCasing(), UndefinedArgInFrom(), UndefinedVar(), UnpinnedBaseImage(), UnusedStage(),
        WorkdirRelativePath(),
    ]
}
